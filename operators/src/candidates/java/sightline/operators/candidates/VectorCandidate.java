package sightline.operators.candidates;

import java.util.Arrays;
import java.util.Collection;

/**
 * Convolutions of ours on the JDK's vector API: activations lie as NHWC, products are blocked in registers, depthwise ones
 * are direct. What a pass needs of the weights is packed within it, since a training step changes them.
 */
final class VectorCandidate implements Candidate {
    /**
     * Where arrays begin, in floats: behind a header of 16 bytes this is a whole cache line, so that vectors of 16 floats do
     * not straddle two (objects lie on whole lines by {@code -XX:ObjectAlignmentInBytes=64}).
     */
    static final int BASE = 12;
    /** Floats more than an array needs: before it, and readable behind it. */
    static final int SLACK = BASE + 2 * Blocks.PANEL;

    private final Team team;

    VectorCandidate(int threads) {
        team = new Team(threads);
    }

    @Override
    public String name() {
        return "vector api";
    }

    @Override
    public Passes prepare(Layer layer, Operands operands, Collection<Pass> passes) {
        Kernel kernel =
                switch (layer.kind()) {
                    case POINTWISE, GROUPED -> new Pointwise(layer, team);
                    case DEPTHWISE -> new Depthwise(layer, team);
                    case DENSE -> new Dense(layer, team);
                };
        return new Ready(layer, new State(layer, operands, team.threads(), kernel.sums()), kernel);
    }

    @Override
    public void close() {
        team.close();
    }

    /** One kind of convolution. */
    interface Kernel {
        void run(Pass pass, State state);

        /** Floats in which a thread sums the gradient for the weights. */
        int sums();
    }

    /** The arrays of a layer; activations as NHWC, weights as [out, in / groups, kernel, kernel]. */
    static final class State {
        final float[] x;
        final float[] w;
        final float[] dy;
        final float[] y;
        final float[] dx;
        final float[] dw;
        /** For each thread, what it has summed of the gradient for the weights, in whatever order its kernel likes. */
        final float[][] sums;

        State(Layer layer, Operands operands, int threads, int sums) {
            w = operands.w();
            dw = new float[w.length];
            x = toNhwc(operands.x(), layer.batch(), layer.in(), layer.height() * layer.width());
            dy = toNhwc(operands.dy(), layer.batch(), layer.out(), layer.outHeight() * layer.outWidth());
            y = new float[dy.length];
            dx = new float[x.length];
            this.sums = new float[threads][sums + SLACK];
        }

        void clearSums() {
            for (float[] sum : sums) {
                Arrays.fill(sum, 0);
            }
        }

        /** Writes what all threads have summed. */
        void gather(float[] to) {
            System.arraycopy(sums[0], BASE, to, 0, to.length);
            for (int t = 1; t < sums.length; t++) {
                float[] sum = sums[t];
                for (int i = 0; i < to.length; i++) {
                    to[i] += sum[BASE + i];
                }
            }
        }
    }

    private record Ready(Layer layer, State state, Kernel kernel) implements Passes {
        @Override
        public void run(Pass pass) {
            kernel.run(pass, state);
        }

        @Override
        public float[] result(Pass pass) {
            return switch (pass) {
                case FORWARD -> toNchw(state.y, layer.batch(), layer.out(), layer.outHeight() * layer.outWidth());
                case INPUT -> toNchw(state.dx, layer.batch(), layer.in(), layer.height() * layer.width());
                case WEIGHT -> state.dw.clone();
            };
        }

        @Override
        public void close() {}
    }

    private static float[] toNhwc(float[] from, int batch, int channels, int area) {
        float[] to = new float[from.length + SLACK];
        for (int n = 0; n < batch; n++) {
            for (int c = 0; c < channels; c++) {
                for (int i = 0; i < area; i++) {
                    to[BASE + (n * area + i) * channels + c] = from[(n * channels + c) * area + i];
                }
            }
        }
        return to;
    }

    private static float[] toNchw(float[] from, int batch, int channels, int area) {
        float[] to = new float[batch * channels * area];
        for (int n = 0; n < batch; n++) {
            for (int c = 0; c < channels; c++) {
                for (int i = 0; i < area; i++) {
                    to[(n * channels + c) * area + i] = from[BASE + (n * area + i) * channels + c];
                }
            }
        }
        return to;
    }
}
