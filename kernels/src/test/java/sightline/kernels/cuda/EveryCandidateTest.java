package sightline.kernels.cuda;

import java.util.stream.Stream;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Elementwise;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;

/** On an emulated device, which cannot run what is Hopper's own: one layer of each kind. */
class EveryCandidateTest extends EveryCandidateCases {
    EveryCandidateTest() {
        super(TestDevice.emulated());
    }

    @Override
    Stream<ParityCase> cases() {
        return Stream.concat(
                HalfCases.named(
                        "dense to 19",
                        "depthwise 3 1 32",
                        "depthwise 5 2 48",
                        "linear attention 16 true",
                        "deconvolution 4"),
                Stream.of(dense(24, 72, 3), dense(24, 136, 1), dense(136, 40, 1), dense(392, 88, 1)));
    }

    /** With everything that an epilogue can do, on pixels that no tile divides. */
    private static ParityCase dense(int channels, int filters, int kernel) {
        return ParityCase.of(channels + " to " + filters + " by " + kernel, g -> {
            Value y = g.in("conv").conv2d(g.input("x", Shape.of(1, channels, 7, 9)), Conv.of(filters, kernel));
            y = g.single(
                    new Elementwise.Unary(Elementwise.Function.HARD_SWISH),
                    g.in("norm").batchNorm(y, 1e-5));
            g.output("y", g.add(y, g.input("z", Shape.of(1, filters, 7, 9))));
        });
    }
}
