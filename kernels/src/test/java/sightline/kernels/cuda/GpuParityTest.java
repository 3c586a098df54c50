package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same cases as on the emulated device, on a real one. */
@Tag("gpu")
class GpuParityTest {
    private static CudaDevice device;

    @BeforeAll
    static void open() {
        device = CudaDevice.open(0);
    }

    @AfterAll
    static void close() {
        if (device != null) {
            device.close();
        }
    }

    static Stream<ParityCase> operations() {
        return ParityCases.all();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void anOperationComesOutAsTheReferenceSays(ParityCase parity) {
        assertThat(parity.error(new CudaEngine(device, Storage.FLOAT32))).isLessThan(3e-6);
    }

    static Stream<ParityCase> blocks() {
        return Stream.concat(HalfCases.all(), HalfCases.large());
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void aBlockInHalfPrecisionStaysWithinTwoThousandths(ParityCase parity) {
        assertThat(parity.error(new CudaEngine(device, Storage.FLOAT16))).isLessThan(2e-3);
    }

    static Stream<ParityCase> training() {
        return HalfCases.training();
    }

    @ParameterizedTest
    @MethodSource("training")
    void aTrainingStepOfABlockHasTheReferencesGradients(ParityCase parity) {
        assertThat(parity.error(new CudaEngine(device, Storage.FLOAT32))).isLessThan(1e-4);
    }
}
