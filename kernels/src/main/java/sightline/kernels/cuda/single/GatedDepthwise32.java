package sightline.kernels.cuda.single;

import java.util.List;
import sightline.kernels.cuda.pattern.GatedFeedForward;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.cuda.program.Packed;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.cuda.program.Slot;
import sightline.kernels.graph.Value;

/**
 * The launches of gated_depthwise.cu: what lies between the products of a {@link GatedFeedForward}, one kernel each way.
 * Arrays come and go in bfloat16 alone, as mixed precision has them.
 */
final class GatedDepthwise32 {
    private static final String FAMILY = "gated_depthwise";
    private static final int PAIR = 64;
    private static final int BLOCK = 128;
    /** Bytes an element that is packed. */
    private static final double PACKED = 1 + 2.0 / Packed.GROUP;

    private static final double NARROW = 2;

    private final Emitter emitter;
    private final Rounded rounded;
    private final EightBits32 packing;

    GatedDepthwise32(Emitter emitter, Rounded rounded, EightBits32 packing) {
        this.emitter = emitter;
        this.rounded = rounded;
        this.packing = packing;
    }

    /** Room for what is kept of a value. */
    Packed room(Value rows) {
        return packing.room(new Array32(null, Lowering32.shape(rows), false));
    }

    /** The gate, and on the way what is kept of x and of both halves. */
    Array32 forward(Array32 x, Array32 filters, Slot bias, List<Packed> packed, int[] shape, double flops) {
        Array32 gate = narrow(shape);
        Params params = new Params()
                .slot(rounded.of(x.slot(), x.size()))
                .slot(filters.slot())
                .slot(bias);
        tell(params, packed).slot(rounded.instead(gate.slot(), gate.size())).int32(shape[1]);
        Grid grid = Grid.of((long) shape[0] * shape[1]);
        double bytes = (NARROW + 2 * PACKED) * x.size() + NARROW * gate.size();
        emitter.grid(FAMILY, "gated_forward_3", grid, PAIR, 0, params, flops, bytes);
        return gate;
    }

    /**
     * @param x the gradient for x
     * @param again the gate itself, or null where nothing wants it
     * @param weights of the filters, and each the sum over all but the channels
     */
    record Gradients(Array32 x, Array32 again, Array32 weights, Array32 bias, Array32 sums) {}

    Gradients backward(Array32 gate, boolean wantsAgain, Array32 filters, List<Packed> packed, double flops) {
        int channels = filters.dim(0);
        Array32 x = narrow(gate.dim(0), channels, gate.dim(2), gate.dim(3));
        Array32 again = wantsAgain ? narrow(gate.shape()) : null;
        Array32 weights = emitter.array(false, filters.shape());
        Array32 bias = emitter.array(false, channels);
        Array32 sums = emitter.array(false, channels);
        Params params = new Params().slot(rounded.of(gate.slot(), gate.size())).slot(filters.slot());
        tell(params, packed)
                .slot(rounded.instead(x.slot(), x.size()))
                .slot(wantsAgain ? rounded.instead(again.slot(), again.size()) : null)
                .slot(weights.slot())
                .slot(bias.slot())
                .slot(sums.slot())
                .int32(gate.dim(0), gate.dim(1));
        double bytes = (NARROW + 2 * PACKED) * x.size() + (wantsAgain ? 2 : 1) * NARROW * gate.size();
        emitter.grid(FAMILY, "gated_backward_3", Grid.of(gate.dim(1)), BLOCK, 0, params, 2 * flops, bytes);
        return new Gradients(x, again, weights, bias, sums);
    }

    private Array32 narrow(int... shape) {
        Array32 array = emitter.array(false, shape);
        rounded.allow(array.slot());
        return array;
    }

    private static Params tell(Params params, List<Packed> packed) {
        packed.forEach(p -> params.slot(p.codes()).slot(p.scales()));
        return params;
    }
}
