package sightline.sensors.decode;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import sightline.config.domain.Pixels;
import sightline.sensors.decode.UnreadablePictureException.Reason;

/** The JDK's own decoder. A reader is made for each picture, since readers are not safe for threads. */
final class ImageIoDecoder implements JpegDecoder {
    private final JpegLimits limits;

    ImageIoDecoder(JpegLimits limits) {
        this.limits = limits;
    }

    @Override
    public Pixels decode(ByteBuffer jpeg, PixelPool pool) {
        JpegHeader header = JpegHeader.read(jpeg, limits);
        byte[] bytes = StandardTables.complete(jpeg, header);
        BufferedImage image = read(bytes);
        if (image.getWidth() != header.width() || image.getHeight() != header.height()) {
            throw new UnreadablePictureException(
                    Reason.CORRUPT,
                    "the picture is " + image.getWidth() + "x" + image.getHeight() + ", its header says "
                            + header.width() + "x" + header.height());
        }
        Pixels pixels = pool.acquire(header.width(), header.height());
        try {
            copy(image, pixels.data());
            return pixels;
        } catch (RuntimeException e) {
            pixels.release();
            throw e;
        }
    }

    private static BufferedImage read(byte[] bytes) {
        ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
        try (ImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(stream, true, true);
            String[] warning = new String[1];
            reader.addIIOReadWarningListener((source, text) -> warning[0] = text);
            BufferedImage image = reader.read(0);
            if (warning[0] != null) {
                throw new UnreadablePictureException(Reason.CORRUPT, "the picture is broken: " + warning[0]);
            }
            return image;
        } catch (IOException | RuntimeException e) {
            if (e instanceof UnreadablePictureException refused) {
                throw refused;
            }
            throw new UnreadablePictureException(Reason.CORRUPT, "the picture is broken: " + e.getMessage(), e);
        } finally {
            reader.dispose();
        }
    }

    private static void copy(BufferedImage image, MemorySegment out) {
        int width = image.getWidth();
        int height = image.getHeight();
        if (image.getType() == BufferedImage.TYPE_3BYTE_BGR
                && image.getRaster().getDataBuffer() instanceof DataBufferByte data) {
            byte[] bgr = data.getData();
            byte[] row = new byte[3 * width];
            for (int y = 0; y < height; y++) {
                int from = 3 * width * y;
                for (int i = 0; i < row.length; i += 3) {
                    row[i] = bgr[from + i + 2];
                    row[i + 1] = bgr[from + i + 1];
                    row[i + 2] = bgr[from + i];
                }
                MemorySegment.copy(row, 0, out, ValueLayout.JAVA_BYTE, (long) from, row.length);
            }
            return;
        }
        int[] argb = new int[width];
        byte[] row = new byte[3 * width];
        for (int y = 0; y < height; y++) {
            image.getRGB(0, y, width, 1, argb, 0, width);
            for (int x = 0, i = 0; x < width; x++) {
                row[i++] = (byte) (argb[x] >> 16);
                row[i++] = (byte) (argb[x] >> 8);
                row[i++] = (byte) argb[x];
            }
            MemorySegment.copy(row, 0, out, ValueLayout.JAVA_BYTE, 3L * width * y, row.length);
        }
    }

    @Override
    public JpegLimits limits() {
        return limits;
    }

    @Override
    public String name() {
        return "imageio";
    }

    @Override
    public void close() {
        // Nothing is kept between pictures.
    }
}
