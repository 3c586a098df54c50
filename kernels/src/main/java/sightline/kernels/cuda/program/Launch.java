package sightline.kernels.cuda.program;

import java.util.List;

/**
 * One kernel call, ready to be issued again and again: the addresses in its parameters are planned at compile time.
 *
 * @param family the fatbin that holds the kernel
 * @param kernel its name
 * @param grid blocks along x, y, z
 * @param block threads along x
 * @param sharedBytes dynamic shared memory a block
 * @param params the packed parameter structure
 * @param label the layer that it computes, for reports
 * @param flops floating-point operations that the mathematics needs, for the roofline
 * @param bytes bytes that it must at least read and write, for the roofline
 * @param compiled what may run instead of an interpreted expression; null where nothing may
 * @param instead what runs where the compiled expression, which is the launch itself then, does not
 */
public record Launch(
        String family,
        String kernel,
        Grid grid,
        int block,
        int sharedBytes,
        byte[] params,
        String label,
        double flops,
        double bytes,
        ExpressionKernel compiled,
        List<Launch> instead) {

    /** A kernel that is not an expression. */
    public Launch(
            String family,
            String kernel,
            Grid grid,
            int block,
            int sharedBytes,
            byte[] params,
            String label,
            double flops,
            double bytes) {
        this(family, kernel, grid, block, sharedBytes, params, label, flops, bytes, null, List.of());
    }

    /** Blocks in all. */
    public long blocks() {
        return grid.blocks();
    }

    /** Blocks along each axis. */
    public record Grid(int x, int y, int z) {
        /** So many blocks along x. */
        public static Grid of(long x) {
            return new Grid(Math.toIntExact(x), 1, 1);
        }

        /** Enough blocks of that many threads for n items. */
        public static Grid covering(long n, int threads) {
            return of(Math.max(1, (n + threads - 1) / threads));
        }

        /** Blocks in all. */
        public long blocks() {
            return (long) x * y * z;
        }
    }
}
