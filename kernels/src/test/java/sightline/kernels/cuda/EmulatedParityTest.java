package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The very kernels that a GPU runs, on a CPU that plays one: every operation against the reference engine. */
class EmulatedParityTest {
    @RegisterExtension
    static final TestDevice DEVICE = TestDevice.emulated();

    static Stream<ParityCase> cases() {
        return ParityCases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void anOperationComesOutAsTheReferenceSays(ParityCase parity) {
        assertThat(parity.error(DEVICE.engine(Storage.FLOAT32))).isLessThan(3e-6);
    }

    static Stream<ParityCase> halfCases() {
        return Stream.concat(HalfCases.all(), OffsetCases.all());
    }

    @ParameterizedTest
    @MethodSource("halfCases")
    void aBlockInHalfPrecisionStaysWithinTwoThousandths(ParityCase parity) {
        assertThat(parity.error(DEVICE.engine(Storage.FLOAT16))).isLessThan(2e-3);
    }

    static Stream<ParityCase> trainingCases() {
        return Stream.concat(HalfCases.training(), TokenCases.training());
    }

    @ParameterizedTest
    @MethodSource("trainingCases")
    void aTrainingStepOfABlockHasTheReferencesGradients(ParityCase parity) {
        assertThat(parity.error(DEVICE.engine(Storage.FLOAT32))).isLessThan(1e-4);
    }
}
