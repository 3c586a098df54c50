package sightline.operators.candidates;

import static sightline.operators.candidates.Blocks.LANES;
import static sightline.operators.candidates.VectorCandidate.BASE;

import java.util.Arrays;
import sightline.operators.candidates.VectorCandidate.Kernel;
import sightline.operators.candidates.VectorCandidate.State;

/**
 * One filter a channel, on NHWC without any copy. y from x and dx from dy are the same walk along a line of pixels with a list of taps;
 * with a stride, the pixels of dx fall into as many classes a line, each with taps of its own.
 */
final class Depthwise implements Kernel {
    private final Layer layer;
    private final Team team;
    private final int kernel;
    private final int channels;
    /** Channels, rounded up to whole vectors: a row of weights and of sums for each tap. */
    private final int padded;

    private final float[] packed;
    private final float[] gathered;
    private final TapSums[] sums;

    Depthwise(Layer layer, Team team) {
        this.layer = layer;
        if (layer.in() % Blocks.HALF_LANES != 0) {
            throw new IllegalArgumentException("Channels come in eights: " + layer);
        }
        this.team = team;
        this.kernel = layer.kernel();
        this.channels = layer.in();
        this.padded = Math.ceilDiv(channels, LANES) * LANES;
        this.packed = new float[sums() + VectorCandidate.SLACK];
        this.gathered = new float[sums()];
        this.sums = new TapSums[team.threads()];
        Arrays.setAll(sums, thread -> new TapSums(layer, padded));
    }

    @Override
    public int sums() {
        return kernel * kernel * padded;
    }

    @Override
    public void run(Pass pass, State s) {
        switch (pass) {
            case FORWARD -> {
                pack(s.w);
                forward(s);
            }
            case INPUT -> {
                pack(s.w);
                input(s);
            }
            case WEIGHT -> weight(s);
        }
    }

    private void pack(float[] w) {
        int taps = kernel * kernel;
        for (int c = 0; c < channels; c++) {
            for (int t = 0; t < taps; t++) {
                packed[BASE + t * padded + c] = w[c * taps + t];
            }
        }
    }

    private void forward(State s) {
        int stride = layer.stride();
        team.run(layer.batch() * layer.outHeight(), (thread, row) -> {
            var line = new TapLine(s.x, packed, s.y, channels, layer.width(), stride, kernel);
            int top = row % layer.outHeight() * stride - layer.padding();
            int image = row / layer.outHeight() * layer.height();
            for (int ky = 0; ky < kernel; ky++) {
                if (top + ky >= 0 && top + ky < layer.height()) {
                    line.row(BASE + (image + top + ky) * layer.width() * channels, ky * kernel * padded);
                }
            }
            for (int kx = 0; kx < kernel; kx++) {
                line.column(kx - layer.padding(), BASE + kx * padded);
            }
            line.run(BASE + row * layer.outWidth() * channels, channels, layer.outWidth());
        });
    }

    private void input(State s) {
        int stride = layer.stride();
        team.run(layer.batch() * layer.height(), (thread, row) -> {
            int bottom = row % layer.height() + layer.padding();
            int image = row / layer.height() * layer.outHeight();
            for (int phase = 0; phase < stride; phase++) {
                var line = new TapLine(s.dy, packed, s.dx, channels, layer.outWidth(), 1, kernel);
                for (int ky = 0; ky < kernel; ky++) {
                    int oy = Math.floorDiv(bottom - ky, stride);
                    if ((bottom - ky) % stride == 0 && oy >= 0 && oy < layer.outHeight()) {
                        line.row(BASE + (image + oy) * layer.outWidth() * channels, ky * kernel * padded);
                    }
                }
                for (int kx = kernel - 1; kx >= 0; kx--) {
                    int right = phase + layer.padding() - kx;
                    if (right % stride == 0) {
                        line.column(right / stride, BASE + kx * padded);
                    }
                }
                int count = Math.ceilDiv(layer.width() - phase, stride);
                line.run(BASE + (row * layer.width() + phase) * channels, stride * channels, count);
            }
        });
    }

    private void weight(State s) {
        s.clearSums();
        team.run(layer.batch() * layer.outHeight(), (thread, row) -> {
            int top = row % layer.outHeight() * layer.stride() - layer.padding();
            int image = row / layer.outHeight() * layer.height();
            int dy = BASE + row * layer.outWidth() * channels;
            for (int ky = Math.max(0, -top); ky < kernel && top + ky < layer.height(); ky++) {
                int x = BASE + (image + top + ky) * layer.width() * channels;
                sums[thread].line(s.x, x, s.dy, dy, s.sums[thread], BASE + ky * kernel * padded);
            }
        });
        s.gather(gathered);
        int taps = kernel * kernel;
        for (int c = 0; c < channels; c++) {
            for (int t = 0; t < taps; t++) {
                s.dw[c * taps + t] = gathered[t * padded + c];
            }
        }
    }
}
