package sightline.kernels.cuda;

import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;

/** On a real device, with layers that fill its largest tiles. */
@Tag("gpu")
class GpuEveryCandidateTest extends EveryCandidateCases {
    GpuEveryCandidateTest() {
        super(TestDevice.real());
    }

    @Override
    Stream<ParityCase> cases() {
        return Stream.concat(HalfCases.all(), HalfCases.large()).filter(c -> ChoosingEngine.most(c, device.get()) > 1);
    }
}
