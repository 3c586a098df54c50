package sightline.kernels.vision;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import sightline.config.domain.Pixels;

/**
 * Resizes, normalises and lays out a picture as 3 x height x width float32 in one pass.
 *
 * <p>Made once for a pair of sizes; the tables of weights and a few rows of scratch are all its memory, so no scaled picture
 * ever exists. Padding is written once by {@link #pad}: it does not change from frame to frame.
 *
 * <p>Threading: one thread at a time; where more are granted the common pool takes a share of the rows. Ownership: neither
 * pixels nor target are kept.
 */
public final class ImageToTensor {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private final Framing framing;
    private final Band[] bands;

    /** On the calling thread alone. */
    public ImageToTensor(Framing framing, Resampling resampling, Normalisation normalisation) {
        this(framing, resampling, normalisation, 1);
    }

    /** @param threads that may work on one picture, the calling one included */
    public ImageToTensor(Framing framing, Resampling resampling, Normalisation normalisation, int threads) {
        this.framing = framing;
        Resampling.Taps down = framing.down(resampling);
        RowFilter across = new RowFilter(framing.across(resampling), framing.sourceWidth());
        int height = framing.height();
        this.bands = new Band[Math.min(threads, height)];
        for (int i = 0; i < bands.length; i++) {
            bands[i] = new Band(
                    framing, normalisation, down, across, height * i / bands.length, height * (i + 1) / bands.length);
        }
    }

    public Framing framing() {
        return framing;
    }

    /** Floats that one picture takes in the target. */
    public long floats() {
        return 3L * framing.inputWidth() * framing.inputHeight();
    }

    /**
     * Fills the part of the input that no picture covers.
     *
     * @param value after normalisation; 0 is the mean colour
     */
    public void pad(MemorySegment target, long offsetBytes, float value) {
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < framing.inputHeight(); y++) {
                int from = y < framing.height() ? framing.width() : 0;
                for (int x = from; x < framing.inputWidth(); x++) {
                    target.set(FLOAT, offsetBytes + 4 * index(c, y, x), value);
                }
            }
        }
    }

    /** Writes the picture; the padding is left as it is. */
    public void write(Pixels pixels, MemorySegment target, long offsetBytes) {
        if (pixels.width() != framing.sourceWidth() || pixels.height() != framing.sourceHeight()) {
            throw new IllegalArgumentException("a picture of " + pixels.width() + "x" + pixels.height() + " came where "
                    + framing.sourceWidth() + "x" + framing.sourceHeight() + " was planned");
        }
        if (bands.length == 1) {
            bands[0].write(pixels, target, offsetBytes);
        } else {
            Arrays.stream(bands).parallel().forEach(band -> band.write(pixels, target, offsetBytes));
        }
    }

    private long index(int channel, int y, int x) {
        return ((long) channel * framing.inputHeight() + y) * framing.inputWidth() + x;
    }
}
