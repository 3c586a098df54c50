package sightline.kernels.cuda;

import java.util.stream.Stream;

/** On an emulated device, which cannot run what is Hopper's own: one layer of each kind. */
class EveryCandidateTest extends EveryCandidateCases {
    EveryCandidateTest() {
        super(TestDevice.emulated());
    }

    @Override
    Stream<ParityCase> cases() {
        Stream<ParityCase> offsets = OffsetCases.all()
                .filter(c -> c.name().endsWith("depthwise") || c.name().endsWith("activation"));
        Stream<ParityCase> blocks = Stream.concat(
                HalfCases.named(
                        "dense to 19",
                        "stem and separable",
                        "depthwise 3 1 32",
                        "depthwise 5 2 48",
                        "linear attention 16 true",
                        "deconvolution 4"),
                Stream.of(
                        HalfCases.dense(24, 72, 3),
                        HalfCases.dense(24, 136, 1),
                        HalfCases.dense(136, 40, 1),
                        HalfCases.dense(392, 88, 1)));
        return Stream.concat(offsets, blocks);
    }
}
