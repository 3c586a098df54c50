package sightline.kernels.cuda;

import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a device finds in maps is what the reference engine finds there, on a CPU that plays the device. */
class FindingTest {
    @RegisterExtension
    static final TestDevice DEVICE = TestDevice.emulated();

    static Stream<FindingCases.Case> cases() {
        return Stream.concat(FindingCases.boxes(), FindingCases.peaks());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void inMapsThatAreGiven(FindingCases.Case c) {
        FindingCases.inGivenMaps(DEVICE.engine(Storage.FLOAT32), c);
    }

    @ParameterizedTest
    @EnumSource(Storage.class)
    void inMapsThatALayerMakes(Storage storage) {
        Stream.of(
                        FindingCases.boxes().limit(4),
                        FindingCases.peaks().limit(1),
                        FindingCases.peaks().skip(7).limit(1))
                .flatMap(cases -> cases)
                .forEach(c -> FindingCases.inMadeMaps(DEVICE.engine(storage), c));
    }
}
