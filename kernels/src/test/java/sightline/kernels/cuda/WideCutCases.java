package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sightline.kernels.cuda.program.Program;
import sightline.kernels.cuda.single.WideProduct;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.weights.Weights;

/** Every shape of tiles, whole and in pieces, whatever a card would rather take. */
abstract class WideCutCases {
    abstract CudaDevice device();

    @ParameterizedTest
    @MethodSource("sightline.kernels.cuda.single.WideProduct#all")
    void tilesAndPiecesMakeTheProduct(WideProduct wide) {
        ParityCase parity = ParityCase.of(wide.toString(), g -> {
            Value product = g.matmul(
                    MixedPrecisionCases.rounded(g, "a", wide.left()), wide.leftTransposed(),
                    MixedPrecisionCases.rounded(g, "b", wide.right()), wide.rightTransposed());
            g.output("y", g.add(product, g.input("bias", Shape.of(wide.columns()))));
        });
        assertThat(List.of(
                        parity.graph().inputs().size(), parity.graph().outputs().size()))
                .isEqualTo(List.of(3, 1));
        assertThat(parity.error(new Fixed(wide.program()))).isLessThan(wide.narrow() ? 3e-3 : 3e-6);
    }

    /** An engine that runs the one program, whatever the graph. */
    private final class Fixed implements Engine {
        private final Program program;

        Fixed(Program program) {
            this.program = program;
        }

        @Override
        public String name() {
            return "fixed";
        }

        @Override
        public Session compile(Graph graph, Weights weights, CompileOptions options) {
            return CudaSession.open(device(), graph, program);
        }
    }
}
