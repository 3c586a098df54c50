package sightline.sensors.decode;

import java.awt.Point;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** The JDK's own encoder. A writer is made for each picture, since writers are not safe for threads and cost little. */
final class ImageIoEncoder implements JpegEncoder {
    private final float quality;

    ImageIoEncoder(int quality) {
        if (quality < 1 || quality > 100) {
            throw new IllegalArgumentException("quality " + quality + " is not in 1..100");
        }
        this.quality = quality / 100f;
    }

    @Override
    public ByteBuffer encode(byte[] rgb, int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        WritableRaster asRgb = Raster.createInterleavedRaster(
                new DataBufferByte(rgb, rgb.length), width, height, 3 * width, 3, new int[] {0, 1, 2}, new Point());
        // Same band order on both sides: the copy swaps the bytes.
        image.getRaster().setRect(asRgb);
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try {
            Bytes out = new Bytes(width * height / 4 + 1024);
            try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
                writer.setOutput(stream);
                ImageWriteParam param = writer.getDefaultWriteParam();
                param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                param.setCompressionQuality(quality);
                writer.write(null, new IIOImage(image, null, null), param);
            }
            return out.buffer();
        } catch (IOException e) {
            throw new UncheckedIOException("a picture in memory could not be compressed", e);
        } finally {
            writer.dispose();
        }
    }

    @Override
    public String name() {
        return "imageio";
    }

    /** Gives its array away instead of copying it. */
    private static final class Bytes extends ByteArrayOutputStream {
        Bytes(int size) {
            super(size);
        }

        ByteBuffer buffer() {
            return ByteBuffer.wrap(buf, 0, count);
        }
    }
}
