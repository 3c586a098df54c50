package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sightline.kernels.cuda.Products32.Left;
import sightline.kernels.cuda.WideCut.Tile;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.TensorType;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.DType;
import sightline.kernels.weights.Weights;

/** Every shape of tiles, whole and in pieces, whatever a card would rather take. */
abstract class WideCutCases {
    private static final int ROWS = 264;
    private static final int DEPTH = 136;

    abstract CudaDevice device();

    /** How operands lie, as the kernels are called. */
    enum Lie {
        ROWS(false, false),
        LEFT_TRANSPOSED(true, false),
        RIGHT_TRANSPOSED(false, true),
        BOTH_TRANSPOSED(true, true);

        private final boolean left;
        private final boolean right;

        Lie(boolean left, boolean right) {
            this.left = left;
            this.right = right;
        }
    }

    static Stream<Arguments> cuts() {
        return Stream.of(
                Arguments.of(Lie.ROWS, Tile.TALL, 200, 1, 2, false),
                Arguments.of(Lie.RIGHT_TRANSPOSED, Tile.TALL, 200, 0, 3, true),
                Arguments.of(Lie.LEFT_TRANSPOSED, Tile.BROAD, 264, 1, 2, true),
                Arguments.of(Lie.BOTH_TRANSPOSED, Tile.BROAD, 264, 2, 1, true),
                Arguments.of(Lie.RIGHT_TRANSPOSED, Tile.SQUARE, 200, 2, 1, true),
                Arguments.of(Lie.LEFT_TRANSPOSED, Tile.SQUARE, 200, 0, 2, true),
                Arguments.of(Lie.BOTH_TRANSPOSED, Tile.LOW, 200, 2, 3, false),
                Arguments.of(Lie.RIGHT_TRANSPOSED, Tile.LOW, 101, 0, 1, false));
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void tilesAndPiecesMakeTheProduct(Lie lie, Tile tile, int columns, int whole, int splits, boolean narrow) {
        long[] left = lie.left ? new long[] {DEPTH, ROWS} : new long[] {ROWS, DEPTH};
        long[] right = lie.right ? new long[] {columns, DEPTH} : new long[] {DEPTH, columns};
        ParityCase parity = ParityCase.of(lie + " in " + tile, g -> {
            Value product = g.matmul(
                    MixedPrecisionCases.rounded(g, "a", left), lie.left,
                    MixedPrecisionCases.rounded(g, "b", right), lie.right);
            g.output("y", g.add(product, g.input("bias", Shape.of(columns))));
        });
        Engine engine = new Fixed(parity.graph(), lie, columns, new Choice(tile, whole, splits, narrow));
        assertThat(parity.error(engine)).isLessThan(narrow ? 3e-3 : 3e-6);
    }

    private record Choice(Tile tile, int whole, int splits, boolean narrow) {}

    /** An engine that computes the one graph with the one cut. */
    private final class Fixed implements Engine {
        private final Program program;

        Fixed(Graph graph, Lie lie, int columns, Choice choice) {
            Emitter emitter = new Emitter();
            Rounded rounded = new Rounded(emitter);
            ProductsWide products = new ProductsWide(
                    emitter,
                    rounded,
                    (s, narrow, aligned) -> WideCut.of(s, choice.tile, choice.whole, choice.splits, narrow));
            Program.Port a = port(emitter, Slot.Kind.INPUT, ROWS, DEPTH);
            Program.Port b = port(emitter, Slot.Kind.INPUT, DEPTH, columns);
            Program.Port bias = port(emitter, Slot.Kind.INPUT, columns);
            Program.Port y = port(emitter, Slot.Kind.ACTIVATION, ROWS, columns);
            Slot result = slot(y);
            if (choice.narrow) {
                rounded.allow(result);
            }
            switch (lie) {
                case ROWS ->
                    products.pointwise(
                            Left.rowMajor(slot(a), ROWS, DEPTH, 1), slot(b), null, slot(bias), result, columns, 1, 1);
                case LEFT_TRANSPOSED ->
                    products.pointwise(
                            Left.transposed(slot(a), ROWS, DEPTH, 1), slot(b), null, slot(bias), result, columns, 1, 1);
                case RIGHT_TRANSPOSED ->
                    products.weight(slot(a), slot(b), slot(bias), result, ROWS, columns, DEPTH, 1, 1, 1);
                case BOTH_TRANSPOSED ->
                    products.turned(Left.rowMajor(slot(b), columns, DEPTH, 1), slot(a), slot(bias), result, ROWS, 1, 1);
            }
            result.need();
            result.becomeOutput();
            program = emitter.program(Map.of("a", a, "b", b, "bias", bias), Map.of("y", y), Map.of());
            assertThat(List.of(graph.inputs().size(), graph.outputs().size())).isEqualTo(List.of(3, 1));
        }

        private static Slot slot(Program.Port port) {
            return port.array().slot();
        }

        private static Program.Port port(Emitter emitter, Slot.Kind kind, int... shape) {
            Array32 sized = new Array32(null, shape, false);
            long[] lengths = Arrays.stream(shape).asLongStream().toArray();
            Array32 array = new Array32(emitter.slot(kind, 4L * sized.size()), shape, false);
            return new Program.Port(array, new TensorType(DType.F32, Shape.of(lengths)));
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
