package sightline.operators.candidates;

import static sightline.operators.candidates.Blocks.PANEL;
import static sightline.operators.candidates.VectorCandidate.BASE;

import sightline.operators.candidates.VectorCandidate.Kernel;
import sightline.operators.candidates.VectorCandidate.State;

/** 1x1 convolutions of stride 1, grouped or not: three products of matrices, one row a pixel. */
final class Pointwise implements Kernel {
    /** Pixels whose channels stay in the first cache while all weights pass by. */
    private static final int STRIP = 64;
    /** Pixels over which a block of the weights' gradient is summed in registers. */
    private static final int RUN = 128;
    /** Output channels of a part of the weights' gradient. */
    private static final int ROWS = 16;
    /** Floats of x that a core's second cache holds. */
    private static final int CACHED = 1 << 17;

    private final Team team;
    private final int pixels;
    private final int groups;
    private final int in;
    private final int out;
    private final float[] packed;

    Pointwise(Layer layer, Team team) {
        if (layer.stride() != 1 || layer.padding() != 0) {
            throw new IllegalArgumentException("No 1x1 convolution with stride or padding: " + layer);
        }
        this.team = team;
        this.pixels = layer.batch() * layer.height() * layer.width();
        this.groups = layer.groups();
        this.in = layer.in() / groups;
        this.out = layer.out() / groups;
        this.packed = new float[groups * Math.max(in * panels(out), out * panels(in)) * PANEL + VectorCandidate.SLACK];
    }

    @Override
    public void run(Pass pass, State s) {
        switch (pass) {
            case FORWARD -> {
                pack(s.w, in, out, 1, in);
                product(s.x, in, s.y, out);
            }
            case INPUT -> {
                pack(s.w, out, in, in, 1);
                product(s.dy, out, s.dx, in);
            }
            case WEIGHT -> weight(s);
        }
    }

    @Override
    public int sums() {
        return groups * in * out;
    }

    private static int panels(int columns) {
        return Math.ceilDiv(columns, PANEL);
    }

    /** Panels of {@link Blocks#PANEL} columns, each depth by panel, zeros behind the last column. */
    private void pack(float[] w, int depth, int columns, int depthStep, int columnStep) {
        int to = BASE;
        for (int g = 0; g < groups; g++) {
            for (int from = 0; from < columns; from += PANEL) {
                int width = Math.min(PANEL, columns - from);
                for (int i = 0; i < depth; i++) {
                    int at = g * in * out + i * depthStep + from * columnStep;
                    for (int c = 0; c < width; c++) {
                        packed[to + c] = w[at + c * columnStep];
                    }
                    to += PANEL;
                }
            }
        }
    }

    private void product(float[] a, int depth, float[] c, int columns) {
        team.run(Math.ceilDiv(pixels, STRIP), (thread, part) -> {
            int first = part * STRIP;
            int rows = Math.min(STRIP, pixels - first);
            int panel = BASE;
            for (int g = 0; g < groups; g++) {
                int aAt = BASE + first * groups * depth + g * depth;
                int cAt = BASE + first * groups * columns + g * columns;
                for (int from = 0; from < columns; from += PANEL) {
                    Blocks.multiply(
                            false,
                            rows,
                            Math.min(PANEL, columns - from),
                            depth,
                            a,
                            aAt,
                            groups * depth,
                            1,
                            packed,
                            panel,
                            PANEL,
                            c,
                            cAt + from,
                            groups * columns);
                    panel += depth * PANEL;
                }
            }
        });
    }

    /**
     * Threads share the output channels, each going over all pixels, as long as these fit into a cache; else they share the pixels,
     * and each has a sum of its own.
     */
    private void weight(State s) {
        if (pixels * groups * in <= CACHED) {
            int blocks = Math.ceilDiv(out, ROWS);
            team.run(groups * blocks, (thread, part) -> {
                int o = part % blocks * ROWS;
                for (int first = 0; first < pixels; first += RUN) {
                    weight(s, s.sums[0], part / blocks, o, Math.min(ROWS, out - o), first, first > 0);
                }
            });
            System.arraycopy(s.sums[0], BASE, s.dw, 0, s.dw.length);
        } else {
            s.clearSums();
            team.run(Math.ceilDiv(pixels, RUN), (thread, part) -> {
                for (int g = 0; g < groups; g++) {
                    weight(s, s.sums[thread], g, 0, out, part * RUN, true);
                }
            });
            s.gather(s.dw);
        }
    }

    private void weight(State s, float[] sums, int g, int o, int rows, int first, boolean add) {
        for (int from = 0; from < in; from += PANEL) {
            Blocks.multiply(
                    add,
                    rows,
                    Math.min(PANEL, in - from),
                    Math.min(RUN, pixels - first),
                    s.dy,
                    BASE + (first * groups + g) * out + o,
                    1,
                    groups * out,
                    s.x,
                    BASE + (first * groups + g) * in + from,
                    groups * in,
                    sums,
                    BASE + (g * out + o) * in + from,
                    in);
        }
    }
}
