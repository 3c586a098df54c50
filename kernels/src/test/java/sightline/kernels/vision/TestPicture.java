package sightline.kernels.vision;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import sightline.config.domain.Pixels;

/** A picture in memory that nobody has to release. */
public record TestPicture(int width, int height, MemorySegment data) implements Pixels {
    /** Neither scaled nor shifted: colours from 0 to 1. */
    static final Normalisation PLAIN = new Normalisation(new float[3], new float[] {1, 1, 1});

    public static TestPicture random(int width, int height, long seed) {
        byte[] bytes = new byte[3 * width * height];
        new Random(seed).nextBytes(bytes);
        return of(width, height, bytes);
    }

    static TestPicture of(int width, int height, byte[] bytes) {
        MemorySegment data = Arena.ofAuto().allocate(bytes.length);
        MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return new TestPicture(width, height, data);
    }

    /** The edge goes on outside. */
    double clamped(int x, int y, int c) {
        int cx = Math.clamp(x, 0, width - 1);
        int cy = Math.clamp(y, 0, height - 1);
        return (data.get(ValueLayout.JAVA_BYTE, 3L * (cy * width + cx) + c) & 255) / 255.0;
    }

    /** Black outside. */
    double framed(long x, long y, int c) {
        boolean inside = x >= 0 && y >= 0 && x < width && y < height;
        return inside ? clamped((int) x, (int) y, c) : 0;
    }

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
