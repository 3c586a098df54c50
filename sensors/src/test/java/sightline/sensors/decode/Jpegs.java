package sightline.sensors.decode;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;

/** Good pictures, and ways to break them. */
final class Jpegs {
    private Jpegs() {}

    /** A smooth picture with an edge, so that decoders can be compared. */
    static byte[] pixels(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        for (int y = 0, i = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                rgb[i++] = (byte) (255 * x / width);
                rgb[i++] = (byte) (255 * y / height);
                rgb[i++] = (byte) (x * 2 > width ? 200 : 40);
            }
        }
        return rgb;
    }

    static byte[] good(int width, int height) {
        var encoded = JpegEncoder.imageIo(90).encode(pixels(width, height), width, height);
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        return bytes;
    }

    static byte[] grey(int width, int height) {
        return write(new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY), false);
    }

    static byte[] progressive(int width, int height) {
        return write(new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR), true);
    }

    private static byte[] write(BufferedImage image, boolean progressive) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (var stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            ImageWriteParam param = writer.getDefaultWriteParam();
            if (progressive) {
                param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
            }
            writer.write(null, new IIOImage(image, null, null), param);
        } catch (IOException e) {
            throw new AssertionError(e);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    static int find(byte[] jpeg, int marker, int from) {
        for (int i = from; i < jpeg.length - 1; i++) {
            if (jpeg[i] == (byte) 0xff && (jpeg[i + 1] & 0xff) == marker) {
                return i;
            }
        }
        throw new AssertionError("no marker " + marker);
    }

    /** Overwrites bytes of the frame header: precision, height (2), width (2), components. */
    static byte[] withFrameByte(byte[] jpeg, int offset, int... values) {
        byte[] out = jpeg.clone();
        int at = find(out, 0xc0, 0) + 4 + offset;
        for (int value : values) {
            out[at++] = (byte) value;
        }
        return out;
    }

    static byte[] without(byte[] jpeg, int marker) {
        byte[] out = jpeg;
        for (int at = find(out, marker, 0); at >= 0; ) {
            int length = 2 + ((out[at + 2] & 0xff) << 8 | out[at + 3] & 0xff);
            byte[] shorter = new byte[out.length - length];
            System.arraycopy(out, 0, shorter, 0, at);
            System.arraycopy(out, at + length, shorter, at, shorter.length - at);
            out = shorter;
            int scan = find(out, 0xda, 0);
            at = -1;
            for (int i = 2; i < scan; i++) {
                if (out[i] == (byte) 0xff && (out[i + 1] & 0xff) == marker) {
                    at = i;
                    break;
                }
            }
        }
        return out;
    }

    /** Repeats the last scan, so that a few hundred bytes ask for hours of work. */
    static byte[] bomb(int scans) {
        byte[] jpeg = progressive(64, 64);
        int last = 0;
        for (int i = 0; i < jpeg.length - 1; i++) {
            if (jpeg[i] == (byte) 0xff && (jpeg[i + 1] & 0xff) == 0xda) {
                last = i;
            }
        }
        byte[] scan = Arrays.copyOfRange(jpeg, last, jpeg.length - 2);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(jpeg, 0, last);
        for (int i = 0; i < scans; i++) {
            out.writeBytes(scan);
        }
        out.write(jpeg, jpeg.length - 2, 2);
        return out.toByteArray();
    }
}
