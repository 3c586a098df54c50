package sightline.kernels.cuda;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import sightline.kernels.cuda.driver.DeviceMemory;
import sightline.kernels.cuda.driver.PinnedMemory;
import sightline.kernels.cuda.driver.TensorMap;
import sightline.kernels.cuda.program.CopyEngine;
import sightline.kernels.cuda.program.Launch;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;

/**
 * {@code y = scale a b'} of large matrices on Hopper's own matrix path: bfloat16 or FP8 (e4m3) in, bfloat16 out. Holds its
 * operands on the device; lives and dies on the device's thread.
 */
final class Gemm implements AutoCloseable {
    private static final int ROWS = 256;
    private static final int COLUMNS = 192;
    /** What a store of two neighbours, and the copy engine, must divide. */
    private static final int ALIGNED = 8;

    private static final int STAGES = 4;
    /** Blocks that share their columns. */
    private static final int PAIR = 2;

    private static final int SHARED = STAGES * (ROWS + COLUMNS) * CopyEngine.ROW_BYTES + 1024 + 2 * STAGES * 8;
    private static final int THREADS = 384;
    private static final long STAGE = 16 << 20;

    private final CudaDevice device;
    private final Deque<AutoCloseable> held = new ArrayDeque<>();
    private final DeviceMemory y;
    private final Launch launch;
    private final int m;
    private final int n;

    /**
     * @param a [m][k], k a multiple of 128 bytes
     * @param b [n][k], n a multiple of 8
     */
    Gemm(CudaDevice device, Tensor a, Tensor b, float scale) {
        this.device = device;
        m = Math.toIntExact(a.dim(0));
        n = Math.toIntExact(b.dim(0));
        int k = Math.toIntExact(a.dim(1));
        int bytes = a.dtype() == DType.BF16 ? 2 : 1;
        int each = CopyEngine.ROW_BYTES / bytes;
        boolean fits = n % ALIGNED == 0 && k % each == 0 && b.dim(1) == k;
        if (!fits || a.dtype() != b.dtype()) {
            throw new IllegalArgumentException("No such product here: " + a + " and " + b);
        }
        y = keep(device.allocate(2L * m * n, "a product"));
        y.fillAsync(0, 0xff, y.bytes());
        Params params = new Params()
                .int64Array(TensorMap.tiles(upload(a), m, k, bytes, ROWS), 16)
                .int64Array(TensorMap.tiles(upload(b), n, k, bytes, COLUMNS / PAIR), 16)
                .int64(y.address())
                .int32(m, n, k / each, each)
                .float32(scale);
        int pairs = (m + PAIR * ROWS - 1) / (PAIR * ROWS) * ((n + COLUMNS - 1) / COLUMNS);
        int blocks = Math.min(pairs, device.facts().multiprocessors() / PAIR) * PAIR;
        launch = new Launch(
                "gemm",
                bytes == 2 ? "gemm_bf16" : "gemm_fp8",
                Grid.of(blocks),
                THREADS,
                SHARED,
                params.pack(slot -> 0),
                "product",
                2.0 * m * n * k,
                (double) bytes * k * (m + n) + 2.0 * m * n);
    }

    private <T extends AutoCloseable> T keep(T resource) {
        held.push(resource);
        return resource;
    }

    private long upload(Tensor matrix) {
        MemorySegment data = matrix.data();
        DeviceMemory memory = keep(device.allocate(data.byteSize(), "an operand"));
        try (PinnedMemory stage = new PinnedMemory(STAGE)) {
            for (long at = 0; at < data.byteSize(); at += STAGE) {
                long count = Math.min(STAGE, data.byteSize() - at);
                MemorySegment.copy(data, at, stage.segment(), 0, count);
                memory.writeAsync(at, stage, 0, count);
                device.synchronize("copying an operand");
            }
        }
        return memory.address();
    }

    void run() {
        device.issue(launch);
    }

    /** Copies the result to the host. */
    Tensor result() {
        Tensor copy = Tensor.allocate(DType.BF16, m, n);
        try (PinnedMemory stage = new PinnedMemory(y.bytes())) {
            y.readAsync(0, stage, 0, y.bytes());
            device.synchronize("reading a product");
            MemorySegment.copy(stage.segment(), 0, copy.data(), 0, y.bytes());
        }
        return copy;
    }

    @Override
    public void close() {
        while (!held.isEmpty()) {
            try {
                held.pop().close();
            } catch (RuntimeException failure) {
                throw failure;
            } catch (Exception impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
