package sightline.kernels.cuda;

import java.io.PrintStream;
import java.util.Locale;
import java.util.SplittableRandom;
import sightline.kernels.cuda.driver.EventTimer;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;

/** Times square products of random matrices on one device: median of many, by events. */
public final class GemmBenchmark {
    private static final int RUNS = 40;

    private GemmBenchmark() {}

    /** Prints a line for bfloat16 and one for FP8; says why where the device has no such path. */
    public static void run(CudaDevice device, int size, PrintStream out) {
        if (device.facts().capability() != 90) {
            out.println("product: this path is Hopper's own");
            return;
        }
        for (DType type : new DType[] {DType.BF16, DType.F8E4M3}) {
            Tensor a = random(type, size, 1);
            Tensor b = random(type, size, 2);
            float median = device.call(() -> {
                try (Gemm product = new Gemm(device, a, b, 1);
                        EventTimer timer = new EventTimer(device.context())) {
                    float[] times = new float[RUNS];
                    for (int i = -3; i < RUNS; i++) {
                        float elapsed = timer.milliseconds(product::run);
                        if (i >= 0) {
                            times[i] = elapsed;
                        }
                    }
                    return EventTimer.median(times);
                }
            });
            double rate = 2.0 * size * size * size / median / 1e9;
            out.printf(Locale.ROOT, "product %-8s %d cubed %8.4f ms %8.1f TFLOP/s%n", type, size, median, rate);
        }
    }

    private static Tensor random(DType type, int size, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Tensor tensor = Tensor.allocate(type, size, size);
        for (long i = 0; i < tensor.size(); i++) {
            tensor.set(i, random.nextGaussian());
        }
        return tensor;
    }
}
