package sightline.operators.pool;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * A decoded still picture, interleaved 8-bit RGB.
 *
 * @param width in pixels
 * @param height in pixels
 * @param rgb row-major, three bytes a pixel, no padding; not to be written after construction
 */
public record Picture(int width, int height, byte[] rgb) {
    public Picture {
        if (rgb.length != 3 * width * height) {
            throw new IllegalArgumentException(width + "x" + height + " picture with " + rgb.length + " bytes");
        }
    }

    /** Decodes a file's bytes. Fails with {@code name} in the message when they are no whole picture. */
    public static Picture decode(String name, byte[] encoded) throws IOException {
        BufferedImage image;
        try {
            image = ImageIO.read(new ByteArrayInputStream(encoded));
        } catch (RuntimeException | IOException e) {
            throw new IOException("corrupt picture " + name + ": " + e.getMessage(), e);
        }
        if (image == null) {
            throw new IOException("corrupt picture " + name + ": no known format");
        }
        return of(image);
    }

    public static Picture of(BufferedImage image) {
        int w = image.getWidth();
        int h = image.getHeight();
        byte[] rgb = new byte[3 * w * h];
        int[] row = new int[w];
        for (int y = 0, at = 0; y < h; y++) {
            image.getRGB(0, y, w, 1, row, 0, w);
            for (int argb : row) {
                rgb[at++] = (byte) (argb >> 16);
                rgb[at++] = (byte) (argb >> 8);
                rgb[at++] = (byte) argb;
            }
        }
        return new Picture(w, h, rgb);
    }

    public BufferedImage toImage() {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] row = new int[width];
        for (int y = 0, at = 0; y < height; y++) {
            for (int x = 0; x < width; x++, at += 3) {
                row[x] = (rgb[at] & 255) << 16 | (rgb[at + 1] & 255) << 8 | rgb[at + 2] & 255;
            }
            image.setRGB(0, y, width, 1, row, 0, width);
        }
        return image;
    }

    /** As JPEG. */
    public byte[] jpeg(float quality) throws IOException {
        return jpeg(quality, false);
    }

    /** As the smallest JPEG of that quality: progressive, with Huffman tables of its own. */
    byte[] smallJpeg(float quality) throws IOException {
        return jpeg(quality, true);
    }

    private byte[] jpeg(float quality, boolean progressive) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        var out = new ByteArrayOutputStream();
        try (var stream = new MemoryCacheImageOutputStream(out)) {
            ImageWriteParam how = writer.getDefaultWriteParam();
            how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            how.setCompressionQuality(quality);
            // Costs time to read, saves a tenth of the bytes.
            how.setProgressiveMode(progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
            writer.setOutput(stream);
            writer.write(null, new IIOImage(toImage(), null, null), how);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    /** In the upper left corner of the usual shape that wastes least; the rest is grey. */
    public Picture padded() {
        return Aspect.pad(this);
    }

    /** Left and right exchanged. */
    public Picture mirrored() {
        byte[] out = new byte[rgb.length];
        for (int y = 0, to = 0; y < height; y++) {
            for (int x = width - 1; x >= 0; x--, to += 3) {
                System.arraycopy(rgb, 3 * (y * width + x), out, to, 3);
            }
        }
        return new Picture(width, height, out);
    }

    /** Half the size by averaging two by two; an odd last row or column is dropped. */
    public Picture half() {
        int w = Math.max(1, width / 2);
        int h = Math.max(1, height / 2);
        int right = width > 1 ? 3 : 0;
        int below = height > 1 ? 3 * width : 0;
        byte[] out = new byte[3 * w * h];
        for (int y = 0, to = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                int from = 3 * (2 * y * width + 2 * x);
                for (int c = 0; c < 3; c++, from++) {
                    int sum = (rgb[from] & 255)
                            + (rgb[from + right] & 255)
                            + (rgb[from + below] & 255)
                            + (rgb[from + right + below] & 255);
                    out[to++] = (byte) ((sum + 2) >> 2);
                }
            }
        }
        return new Picture(w, h, out);
    }

    /** Shrunk so that its longer side has at most so many pixels. */
    Picture atMost(int longestSide) {
        int longest = Math.max(width, height);
        if (longest <= longestSide) {
            return this;
        }
        double by = (double) longestSide / longest;
        return resize(Math.max(1, (int) Math.round(width * by)), Math.max(1, (int) Math.round(height * by)));
    }

    /** Another size, bilinear with pixel centres aligned, halving first where that shrinks by more than two. */
    public Picture resize(int newWidth, int newHeight) {
        Picture from = this;
        while (from.width >= 2 * newWidth && from.height >= 2 * newHeight) {
            from = from.half();
        }
        byte[] out = new byte[3 * newWidth * newHeight];
        double sx = (double) from.width / newWidth;
        double sy = (double) from.height / newHeight;
        for (int y = 0, to = 0; y < newHeight; y++) {
            for (int x = 0; x < newWidth; x++) {
                for (int c = 0; c < 3; c++) {
                    out[to++] = (byte) Math.round(from.sample((x + 0.5) * sx - 0.5, (y + 0.5) * sy - 0.5, c));
                }
            }
        }
        return new Picture(newWidth, newHeight, out);
    }

    /** The value of a channel between pixel centres, edges repeated. */
    double sample(double x, double y, int channel) {
        double cx = Math.clamp(x, 0, width - 1.0);
        double cy = Math.clamp(y, 0, height - 1.0);
        int x0 = (int) cx;
        int y0 = (int) cy;
        int x1 = Math.min(x0 + 1, width - 1);
        int y1 = Math.min(y0 + 1, height - 1);
        double fx = cx - x0;
        double fy = cy - y0;
        double top = value(x0, y0, channel) * (1 - fx) + value(x1, y0, channel) * fx;
        double low = value(x0, y1, channel) * (1 - fx) + value(x1, y1, channel) * fx;
        return top * (1 - fy) + low * fy;
    }

    private int value(int x, int y, int channel) {
        return rgb[3 * (y * width + x) + channel] & 255;
    }
}
