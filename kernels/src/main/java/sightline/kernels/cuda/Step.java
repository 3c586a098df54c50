package sightline.kernels.cuda;

import java.util.function.ToLongFunction;
import sightline.kernels.cuda.Launch.Grid;

/** A launch before memory is planned: its parameters point to slots. */
record Step(
        String family,
        String kernel,
        Grid grid,
        int block,
        int sharedBytes,
        Params params,
        String label,
        double flops,
        double bytes,
        ExpressionKernel compiled) {

    /** A kernel that is not an expression. */
    Step(
            String family,
            String kernel,
            Grid grid,
            int block,
            int sharedBytes,
            Params params,
            String label,
            double flops,
            double bytes) {
        this(family, kernel, grid, block, sharedBytes, params, label, flops, bytes, null);
    }

    Launch bind(ToLongFunction<Slot> addresses, boolean copyEngine) {
        byte[] packed = params.pack(addresses, copyEngine);
        return new Launch(family, kernel, grid, block, sharedBytes, packed, label, flops, bytes, compiled);
    }
}
