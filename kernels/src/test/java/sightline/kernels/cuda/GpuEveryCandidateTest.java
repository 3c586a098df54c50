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
        Stream<ParityCase> dense = Stream.of(
                HalfCases.dense(64, 136, 3),
                HalfCases.dense(192, 72, 3),
                HalfCases.dense(32, 24, 3),
                HalfCases.dense(96, 152, 3),
                HalfCases.dense(1536, 72, 1));
        Stream<ParityCase> fused = Stream.of(
                HalfCases.fused(64, 256, 64, 1),
                HalfCases.fused(32, 128, 64, 2),
                HalfCases.fused(128, 256, 128, 1),
                HalfCases.fused(64, 256, 128, 2),
                HalfCases.fused(256, 128, 256, 1));
        return Stream.of(HalfCases.all(), HalfCases.large(), OffsetCases.all(), dense, fused)
                .flatMap(cases -> cases)
                .filter(c -> ChoosingEngine.most(c, device.get()) > 1);
    }
}
