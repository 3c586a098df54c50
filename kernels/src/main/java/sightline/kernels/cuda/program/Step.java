package sightline.kernels.cuda.program;

import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import sightline.kernels.cuda.program.Launch.Grid;

/**
 * A launch before memory is planned: its parameters point to slots.
 *
 * @param compiled what may run instead of an interpreted expression; null where nothing may
 * @param instead what runs where the compiled expression, which is the step itself then, does not
 */
public record Step(
        String family,
        String kernel,
        Grid grid,
        int block,
        int sharedBytes,
        Params params,
        String label,
        double flops,
        double bytes,
        ExpressionKernel compiled,
        List<Step> instead) {

    /** A kernel that is not an expression. */
    public Step(
            String family,
            String kernel,
            Grid grid,
            int block,
            int sharedBytes,
            Params params,
            String label,
            double flops,
            double bytes) {
        this(family, kernel, grid, block, sharedBytes, params, label, flops, bytes, null, List.of());
    }

    /** The launch that it is once its slots have addresses; {@code copyEngine} as {@link Params#pack} takes it. */
    public Launch bind(ToLongFunction<Slot> addresses, CopyEngine copyEngine) {
        byte[] packed = params.pack(addresses, copyEngine);
        List<Launch> others =
                instead.stream().map(step -> step.bind(addresses, copyEngine)).toList();
        return new Launch(family, kernel, grid, block, sharedBytes, packed, label, flops, bytes, compiled, others);
    }

    /** All that it, or what runs instead, touches. */
    public List<Slot> slots() {
        return Stream.concat(params.slots().stream(), instead.stream().flatMap(step -> step.slots().stream()))
                .toList();
    }
}
