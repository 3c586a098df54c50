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
    private static final int THREADS = 256;
    private static final int WANTED_BLOCKS = 2112;
    /** Elements that a block should sum at least, or make. */
    private static final int LEAST_SHARE = 4096;
    /** Four a lane of the warps that merge them. */
    private static final int MOST_SPLITS = 128;

    /** Neighbours that one access of two-byte elements takes. */
    private static final int EIGHT = 8;

    private static final int MOST_SHARES = 1024;

    private final Emitter emitter;
    private final Rounded rounded;

    /**
     * @param rounded what may be there in bfloat16 alone, or null
     */
    BatchNorm32(Emitter emitter, Rounded rounded) {
        this.emitter = emitter;
        this.rounded = rounded;
    }

    /**
     * Five outputs, as the operation has them; the first one behind the activation.
     *
     * @param in x, scale, bias, running mean, running variance
     * @param activation the kernels' code, 0 for none
     * @param rounds whether all that reads the first takes it in bfloat16
     */
    List<Array32> forward(Norm.BatchNorm op, List<Array32> in, int activation, boolean rounds) {
        Array32 x = in.getFirst();
        List<Array32> made = new ArrayList<>(List.of(like(x, rounds)));
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
     * @param rounds whether all that reads the first takes it in bfloat16
     */
    List<Array32> backward(
            Array32 x, Array32 dy, List<Array32> vectors, double epsilon, int activation, boolean rounds) {
        int channels = x.dim(1);
        List<Array32> made = List.of(like(x, rounds), emitter.array(false, channels), emitter.array(false, channels));
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
        int lanes = area % EIGHT == 0 ? EIGHT : area % 4 == 0 ? 4 : 1;
        int most = Math.clamp((long) x.dim(0) * area / LEAST_SHARE, 1, MOST_SHARES);
        int shares = Math.clamp((WANTED_BLOCKS + channels - 1) / channels, 1, most);
        int splits = Math.min(shares, MOST_SPLITS);
        Either from = Either.read(rounded, x);
        Either slope = dy == null ? Either.NONE : Either.read(rounded, dy);
        Either to = Either.made(rounded, made.getFirst());
        Array32 partial = emitter.array(false, channels, splits, 2);
        Params params = new Params().slot(from.wide()).slot(slope.wide());
        vectors.forEach(v -> params.slot(v.slot()));
        params.slot(partial.slot()).slot(to.wide());
        for (int i = 1; i < 5; i++) {
            params.slot(i < made.size() ? made.get(i).slot() : null);
        }
        params.slot(from.narrow())
                .slot(slope.narrow())
                .slot(to.narrow())
                .int32(x.dim(0), channels, area, splits, shares)
                .float32(epsilon, momentum)
                .int32(activation, lanes);
        double reads = from.bytes() + slope.bytes();
        Grid sums = new Grid(channels, splits, 1);
        emitter.grid(FAMILY, kernel + "_sums", sums, THREADS, 0, params, 4.0 * x.size(), reads);
        double all = reads + to.bytes();
        emitter.grid(FAMILY, kernel + "_apply", new Grid(channels, shares, 1), THREADS, 0, params, 4.0 * x.size(), all);
    }

    private Array32 like(Array32 x, boolean rounds) {
        Array32 made = emitter.like(x);
        if (rounds && rounded != null) {
            rounded.allow(made.slot());
        }
        return made;
    }
}
