package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;

/** Hopper's matrix path against a product in float64 of the very numbers that it was given. */
@Tag("gpu")
class GpuGemmTest {
    @ParameterizedTest
    @CsvSource({
        "BF16, 256, 256, 64",
        "BF16, 520, 1160, 1152",
        "BF16, 1100, 200, 128",
        "F8E4M3, 256, 512, 128",
        "F8E4M3, 776, 264, 2048"
    })
    void aProductIsThatOfTheNumbersGiven(DType type, int m, int n, int k) {
        try (CudaDevice device = CudaDevice.open(0)) {
            assumeTrue(device.facts().capability() == 90, "this path is Hopper's own");
            Tensor a = random(type, m, k, 1);
            Tensor b = random(type, n, k, 2);
            Tensor y = device.call(() -> {
                try (Gemm product = new Gemm(device, a, b, 0.5f)) {
                    product.run();
                    return product.result();
                }
            });
            assertThat(error(a, b, y)).isLessThan(3e-3);
        }
    }

    private static double error(Tensor a, Tensor b, Tensor y) {
        float[] left = a.toFloats();
        float[] right = b.toFloats();
        float[] got = y.toFloats();
        int k = Math.toIntExact(a.dim(1));
        int n = Math.toIntExact(b.dim(0));
        double square = 0;
        double norm = 0;
        for (int i = 0; i < got.length; i++) {
            double sum = 0;
            for (int c = 0; c < k; c++) {
                sum += (double) left[i / n * k + c] * right[i % n * k + c];
            }
            square += (got[i] - sum / 2) * (got[i] - sum / 2);
            norm += sum / 2 * (sum / 2);
        }
        double error = Math.sqrt(square / norm);
        return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    }

    private static Tensor random(DType type, int rows, int columns, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Tensor tensor = Tensor.allocate(type, rows, columns);
        for (long i = 0; i < tensor.size(); i++) {
            tensor.set(i, random.nextGaussian());
        }
        return tensor;
    }
}
