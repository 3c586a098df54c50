package sightline.kernels.cuda.program;

/** What Hopper's bulk copy engine is told of a tensor that it fetches boxes of, encoded as the driver does. */
@FunctionalInterface
public interface CopyEngine {
    /** Bytes of a row of a tile; longer rows would not fit the swizzle. */
    int ROW_BYTES = 128;

    /** Length of what is told. */
    int LONGS = 16;

    /**
     * What is told of a tensor of two-byte elements.
     *
     * @param address of the tensor on the device
     * @param lengths of the tensor's dimensions, the one that runs fastest first
     * @param box lengths of a box; its rows are 64 or 128 bytes long and swizzled in shared memory
     */
    long[] boxes(long address, long[] lengths, int[] box);
}
