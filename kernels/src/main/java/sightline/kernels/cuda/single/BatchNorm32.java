package sightline.kernels.cuda.single;

import java.util.ArrayList;
import java.util.List;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.graph.Norm;

/** Batch norms in training, forward and backward, with the activation behind them: batch_norm.cu. */
final class BatchNorm32 {
    private static final String FAMILY = "batch_norm";
    private static final int MOST_THREADS = 256;
    private static final int WARP = 32;
    private static final int WANTED_BLOCKS = 1056;
    /** Elements that a block should sum at least. */
    private static final int LEAST_SHARE = 4096;
    /** One lane of a warp merges each. */
    private static final int MOST_SPLITS = 32;

    private final Emitter emitter;

    BatchNorm32(Emitter emitter) {
        this.emitter = emitter;
    }

    /**
     * Five outputs, as the operation has them; the first one behind the activation.
     *
     * @param in x, scale, bias, running mean, running variance
     * @param activation the kernels' code, 0 for none
     */
    List<Array32> forward(Norm.BatchNorm op, List<Array32> in, int activation) {
        Array32 x = in.getFirst();
        List<Array32> made = new ArrayList<>(List.of(emitter.like(x)));
        for (int i = 0; i < 4; i++) {
            made.add(emitter.array(false, x.dim(1)));
        }
        List<Array32> vectors = List.of(in.get(1), in.get(2), in.get(3), in.get(4));
        launch("batch", x, null, vectors, made, (float) op.epsilon(), (float) op.momentum(), activation);
        return made;
    }

    /**
     * Gradients for x, scale and bias.
     *
     * @param vectors scale, bias, batch mean, batch variance
     * @param dy behind the activation
     */
    List<Array32> backward(Array32 x, Array32 dy, List<Array32> vectors, double epsilon, int activation) {
        int channels = x.dim(1);
        List<Array32> made = List.of(emitter.like(x), emitter.array(false, channels), emitter.array(false, channels));
        launch("batch_gradient", x, dy, vectors, made, (float) epsilon, 0, activation);
        return made;
    }

    /** Through an activation alone. */
    Array32 slope(Array32 dy, Array32 of, int activation) {
        Array32 out = emitter.like(dy);
        slope(dy, of, activation, out);
        return out;
    }

    /** The same into an array that is there. */
    void slope(Array32 dy, Array32 of, int activation, Array32 out) {
        Params params =
                new Params().slot(dy.slot()).slot(of.slot()).slot(out.slot()).int32(out.size(), activation);
        emitter.each(FAMILY, "activation_gradient", out.size(), params, out.size(), 12.0 * out.size());
    }

    private void launch(
            String kernel,
            Array32 x,
            Array32 dy,
            List<Array32> vectors,
            List<Array32> made,
            float epsilon,
            float momentum,
            int activation) {
        int channels = x.dim(1);
        int area = x.inner(1);
        int lanes = area % 4 == 0 ? 4 : 1;
        int row = area / lanes;
        int threads = Math.clamp((row + WARP - 1) / WARP * WARP, WARP, MOST_THREADS);
        int chunks = (row + threads - 1) / threads;
        int most = Math.clamp((long) x.dim(0) * area / LEAST_SHARE, 1, MOST_SPLITS);
        int splits = Math.clamp((WANTED_BLOCKS + channels - 1) / channels, 1, most);
        Array32 partial = emitter.array(false, channels, splits, 2);
        Params params = new Params().slot(x.slot()).slot(dy == null ? null : dy.slot());
        vectors.forEach(v -> params.slot(v.slot()));
        params.slot(partial.slot());
        for (int i = 0; i < 5; i++) {
            params.slot(i < made.size() ? made.get(i).slot() : null);
        }
        params.int32(x.dim(0), channels, area, splits, chunks)
                .float32(epsilon, momentum)
                .int32(activation, lanes == 4 ? 1 : 0);
        double reads = dy == null ? 4.0 : 8.0;
        Grid sums = new Grid(channels, splits, 1);
        emitter.grid(FAMILY, kernel + "_sums", sums, MOST_THREADS, 0, params, 4.0 * x.size(), reads * x.size());
        Grid planes = Grid.of((long) x.dim(0) * channels * chunks);
        emitter.grid(FAMILY, kernel + "_apply", planes, threads, 0, params, 4.0 * x.size(), (reads + 4) * x.size());
    }
}
