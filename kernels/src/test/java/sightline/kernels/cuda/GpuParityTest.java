package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same cases as on the emulated device, on a real one. */
@Tag("gpu")
class GpuParityTest {
    @RegisterExtension
    static final TestDevice DEVICE = TestDevice.real();

    static Stream<ParityCase> operations() {
        return ParityCases.all();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void anOperationComesOutAsTheReferenceSays(ParityCase parity) {
        assertThat(parity.error(DEVICE.engine(Storage.FLOAT32))).isLessThan(3e-6);
    }

    static Stream<ParityCase> blocks() {
        return Stream.of(HalfCases.all(), HalfCases.large(), OffsetCases.all()).flatMap(Function.identity());
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void aBlockInHalfPrecisionStaysWithinTwoThousandths(ParityCase parity) {
        assertThat(parity.error(DEVICE.engine(Storage.FLOAT16))).isLessThan(2e-3);
    }

    static Stream<ParityCase> training() {
        return Stream.concat(HalfCases.training(), TokenCases.training());
    }

    @ParameterizedTest
    @MethodSource("training")
    void aTrainingStepOfABlockHasTheReferencesGradients(ParityCase parity) {
        assertThat(parity.error(DEVICE.engine(Storage.FLOAT32))).isLessThan(1e-4);
    }
}
