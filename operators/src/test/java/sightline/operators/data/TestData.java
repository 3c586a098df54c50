package sightline.operators.data;

import static org.junit.jupiter.api.Assumptions.abort;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;
import sightline.config.domain.Frame;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.domain.Pixels;

/** Data that is not ours to ship. A test that needs it is skipped, with the reason, where it is absent. */
public final class TestData {
    private TestData() {}

    public static Path file(String name) {
        String environment = System.getenv("SIGHTLINE_DATA");
        String root = environment != null && !environment.isBlank()
                ? environment
                : System.getProperty("sightline.data", "../../shared/data");
        Path file = Path.of(root).resolve(name);
        if (!Files.exists(file)) {
            abort("needs " + name + ", which is not in " + root + " (set SIGHTLINE_DATA)");
        }
        return file;
    }

    /** A frame of a picture file, in memory that nobody has to release. */
    public static Frame frame(String name) throws IOException {
        Pixels pixels = pixels(ImageIO.read(file(name).toFile()));
        int width = pixels.width();
        int height = pixels.height();
        FrameHeader header =
                new FrameHeader("test", 0, 0, ObservationTime.at(1, "test"), Origin.REPLAY, width, height, "", "");
        return new Frame(header, pixels);
    }

    /** A picture's pixels, in memory that nobody has to release. */
    public static Pixels pixels(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        MemorySegment data = Arena.ofAuto().allocate(3L * width * height);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int rgb = image.getRGB(x, y);
                long at = 3L * (y * width + x);
                data.set(ValueLayout.JAVA_BYTE, at, (byte) (rgb >> 16));
                data.set(ValueLayout.JAVA_BYTE, at + 1, (byte) (rgb >> 8));
                data.set(ValueLayout.JAVA_BYTE, at + 2, (byte) rgb);
            }
        }
        return new Unmanaged(width, height, data);
    }

    /** A frame of seeded noise, in memory that nobody has to release. */
    public static Frame noise(int width, int height, long seed) {
        byte[] bytes = new byte[3 * width * height];
        new Random(seed).nextBytes(bytes);
        return frame(width, height, bytes);
    }

    /** A frame of interleaved 8-bit RGB, in memory that nobody has to release. */
    public static Frame frame(int width, int height, byte[] rgb) {
        MemorySegment data = Arena.ofAuto().allocate(rgb.length);
        MemorySegment.copy(rgb, 0, data, ValueLayout.JAVA_BYTE, 0, rgb.length);
        FrameHeader header =
                new FrameHeader("test", 0, 0, ObservationTime.at(1, "test"), Origin.SIMULATED, width, height, "", "");
        return new Frame(header, new Unmanaged(width, height, data));
    }

    private record Unmanaged(int width, int height, MemorySegment data) implements Pixels {
        @Override
        public int stride() {
            return 3 * width;
        }

        @Override
        public Pixels retain() {
            return this;
        }

        @Override
        public void release() {}
    }

    /** The numbers of a half-precision .npy file, in its order. */
    public static float[] halves(String name) throws IOException {
        ByteBuffer npy = ByteBuffer.wrap(Files.readAllBytes(file(name))).order(ByteOrder.LITTLE_ENDIAN);
        npy.position(10 + npy.getShort(8));
        float[] values = new float[npy.remaining() / 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.float16ToFloat(npy.getShort());
        }
        return values;
    }
}
