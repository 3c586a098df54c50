package sightline.kernels.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Attention;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Convolution;
import sightline.kernels.graph.Convolution.Window;
import sightline.kernels.graph.Dim;
import sightline.kernels.graph.Elementwise;
import sightline.kernels.graph.Finding;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Indexing;
import sightline.kernels.graph.Layout;
import sightline.kernels.graph.Norm;
import sightline.kernels.graph.Op;
import sightline.kernels.graph.Reduction;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Spatial;
import sightline.kernels.graph.Spatial.Grid;
import sightline.kernels.graph.Spatial.Mode;
import sightline.kernels.graph.Stateful;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.DType;

/** Small graphs that together contain every operation; for parity of engines. */
public final class OpCases {
    private final List<Graph> graphs = new ArrayList<>();

    private OpCases() {}

    /** All cases; the graph's name says what it tries. */
    public static List<Graph> all() {
        OpCases cases = new OpCases();
        cases.elementwise();
        cases.convolutions();
        cases.norms();
        cases.reductions();
        cases.products();
        cases.attentions();
        cases.layouts();
        cases.images();
        cases.indexing();
        cases.adjoints();
        cases.stateful();
        return cases.graphs;
    }

    private void add(String name, long[] shape, BiFunction<GraphBuilder, Value, Value> network) {
        GraphBuilder g = GraphBuilder.named(name);
        Value y = network.apply(g, g.input("x", Shape.of(shape)));
        for (Value value : y.node().outputs()) {
            g.output("y" + value.index(), value);
        }
        graphs.add(g.build());
    }

    private static long[] shape(long... lengths) {
        return lengths;
    }

    private static Value input(GraphBuilder g, String name, long... shape) {
        return g.input(name, Shape.of(shape));
    }

    private void elementwise() {
        for (Elementwise.Function function : Elementwise.Function.values()) {
            boolean positive = function == Elementwise.Function.SQRT || function == Elementwise.Function.LOG;
            add(
                    "unary " + function,
                    shape(3, 5, 7),
                    (g, x) -> g.unary(function, positive ? g.add(g.abs(x), 0.1) : g.mul(x, 3)));
        }
        for (Elementwise.Arithmetic arithmetic : Elementwise.Arithmetic.values()) {
            boolean power = arithmetic == Elementwise.Arithmetic.POW;
            add(
                    "binary " + arithmetic,
                    shape(2, 3, 1, 4),
                    (g, x) -> g.binary(arithmetic, power ? g.abs(x) : x, input(g, "b", 3, 5, 1)));
            if (!power) {
                add(
                        "integers " + arithmetic,
                        shape(1),
                        (g, x) -> g.binary(
                                arithmetic,
                                g.input("a", DType.I64, Shape.of(2, 3)),
                                g.add(g.input("b", DType.I64, Shape.of(3)), 1)));
            }
        }
        for (Elementwise.Relation relation : Elementwise.Relation.values()) {
            add(
                    "compare " + relation,
                    shape(4, 6),
                    (g, x) -> g.compare(relation, g.round(x), g.round(input(g, "b", 6))));
        }
        for (Elementwise.Logic logic : Elementwise.Logic.values()) {
            add(
                    "logic " + logic,
                    shape(4, 6),
                    (g, x) -> g.single(
                            new Elementwise.Logical(logic),
                            g.compare(Elementwise.Relation.GT, x, g.scalar(0, DType.F32)),
                            g.single(new Elementwise.Not(), g.input("b", DType.BOOL, Shape.of(6)))));
        }
        add("clamp both", shape(9), (g, x) -> g.clamp(x, -0.5, 0.25));
        add("clamp one", shape(9), (g, x) -> g.clamp(x, Double.NEGATIVE_INFINITY, 0.25));
        for (DType dtype : List.of(DType.F64, DType.F16, DType.BF16, DType.F8E4M3, DType.F8E5M2)) {
            add("cast " + dtype, shape(300), (g, x) -> g.cast(g.cast(g.mul(x, 100), dtype), DType.F32));
        }
        for (DType dtype : List.of(DType.I64, DType.I32, DType.BOOL)) {
            add("cast " + dtype, shape(30), (g, x) -> g.cast(g.mul(x, 10), dtype));
        }
        add(
                "where",
                shape(4, 1),
                (g, x) -> g.where(g.input("c", DType.BOOL, Shape.of(3)), x, g.fill(7, DType.F32, Shape.of(4, 3))));
    }

    private void convolutions() {
        add(
                "conv 3x3 stride 2",
                shape(2, 6, 9, 11),
                (g, x) -> g.conv2d(x, Conv.of(8, 3).stride(2).biased()));
        add("conv depthwise 5x5", shape(1, 6, 9, 8), (g, x) -> g.conv2d(x, Conv.depthwise(6, 5)));
        add(
                "conv grouped dilated",
                shape(1, 6, 12, 9),
                (g, x) -> g.conv2d(x, Conv.of(9, 3).groups(3).dilation(2)));
        add("conv 1x1", shape(2, 5, 4, 4), (g, x) -> g.conv2d(x, Conv.of(7, 1)));
        add(
                "conv uneven window",
                shape(1, 3, 8, 9),
                (g, x) -> g.conv2d(
                        x, input(g, "w", 4, 3, 2, 3), input(g, "b", 4), new Window(1, 2, 0, 2, 1, 0, 1, 1), 1));
        add(
                "conv transposed 4x4",
                shape(1, 6, 5, 4),
                (g, x) -> g.convTranspose2d(x, Conv.of(4, 4).stride(2).padding(1)));
        add(
                "conv transposed grouped",
                shape(2, 6, 5, 4),
                (g, x) -> g.single(
                        new Convolution.ConvTranspose2d(Window.of(2, 1), 1, 0, 3),
                        x,
                        input(g, "w", 6, 2, 3, 3),
                        input(g, "b", 6)));
        add(
                "conv then batch norm",
                shape(2, 4, 6, 6),
                (g, x) -> g.hardSwish(g.in("norm")
                        .batchNorm(g.in("conv").conv2d(x, Conv.of(6, 3).biased()), 1e-5)));
        add("transposed conv then batch norm", shape(1, 4, 5, 5), (g, x) -> g.in("norm")
                .batchNorm(
                        g.in("conv")
                                .convTranspose2d(
                                        x, Conv.of(6, 4).stride(2).padding(1).groups(2)),
                        1e-5));
    }

    private void norms() {
        add("batch norm", shape(2, 5, 4, 3), (g, x) -> g.batchNorm(x, 1e-3));
        add(
                "batch norm in training",
                shape(3, 5, 4, 3),
                (g, x) -> g.single(
                        new Norm.BatchNorm(1e-5, 0.1, true),
                        x,
                        g.parameter("scale", 5),
                        g.parameter("bias", 5),
                        g.parameter("mean", 5),
                        g.parameter("running_var", 5)));
        add("layer norm last axis", shape(2, 7, 12), (g, x) -> g.layerNorm(x, -1, 1e-6));
        add("layer norm of channels", shape(2, 7, 4, 5), (g, x) -> g.layerNorm(x, 1, 1e-6));
        add("layer norm bare", shape(2, 7, 12), (g, x) -> g.single(new Norm.LayerNorm(-1, 1e-6), x));
        add("rms norm of channels", shape(2, 7, 4, 5), (g, x) -> g.rmsNorm(x, 1, 1e-5, true));
        add("rms norm last axis", shape(2, 4, 9), (g, x) -> g.rmsNorm(x, -1, 1e-5, false));
        add("group norm", shape(2, 8, 4, 5), (g, x) -> g.groupNorm(x, 4, 1e-6));
    }

    private void reductions() {
        for (Reduction.Kind kind : Reduction.Kind.values()) {
            add("reduce kept " + kind, shape(3, 4, 5), (g, x) -> g.reduce(kind, x, true, 0, 2));
            add("reduce dropped " + kind, shape(3, 4, 5), (g, x) -> g.reduce(kind, x, false, -2));
        }
        add("arg max", shape(3, 7, 5), (g, x) -> g.argMax(g.round(x), 1));
        add(
                "arg min",
                shape(3, 7, 5),
                (g, x) -> g.single(new Reduction.ArgReduce(Reduction.End.MIN, -1, true), g.round(x)));
    }

    private void products() {
        add("matmul batched", shape(2, 1, 4, 6), (g, x) -> g.matmul(x, input(g, "b", 3, 6, 5)));
        add("matmul left turned", shape(2, 6, 4), (g, x) -> g.matmul(x, true, input(g, "b", 2, 6, 5), false));
        add("matmul both turned", shape(2, 6, 4), (g, x) -> g.matmul(x, true, input(g, "b", 5, 6), true));
        add("linear", shape(2, 3, 6), (g, x) -> g.linear(x, 4, true));
        add("softmax", shape(2, 5, 6), (g, x) -> g.softmax(x, 1));
        add("softmax masked", shape(2, 5, 6), (g, x) -> g.softmax(x, g.input("m", DType.BOOL, Shape.of(2, 1, 6)), -1));
        add(
                "softmax masked row",
                shape(2, 5, 6),
                (g, x) -> g.softmax(
                        x, g.compare(Elementwise.Relation.GT, input(g, "m", 2, 5, 1), g.scalar(0, DType.F32)), -1));
    }

    private void attentions() {
        add("attention", shape(2, 9, 12), (g, x) -> g.single(new Attention.Softmax(3), x, input(g, "kv", 2, 7, 24)));
        add("attention to what a mask leaves", shape(3, 5, 8), (g, x) -> {
            Value shown = g.compare(Elementwise.Relation.GT, input(g, "m", 3, 4), g.scalar(0.5, DType.F32));
            return g.attention(x, input(g, "kv", 3, 4, 16), shown, 2);
        });
        add("linear attention", shape(2, 11, 24), (g, x) -> g.linearAttention(x, 2, 1e-3));
        add(
                "attention inputs",
                shape(2, 9, 12),
                (g, x) -> g.single(
                        new Adjoint.AttentionInputs(new Attention.Softmax(3)),
                        x,
                        input(g, "kv", 2, 7, 24),
                        input(g, "dy", 2, 9, 12)));
        add(
                "masked attention inputs",
                shape(3, 5, 8),
                (g, x) -> g.single(
                        new Adjoint.AttentionInputs(new Attention.Softmax(2)),
                        x,
                        input(g, "kv", 3, 4, 16),
                        g.input("mask", DType.BOOL, Shape.of(3, 4)),
                        input(g, "dy", 3, 5, 8)));
        add(
                "linear attention inputs",
                shape(2, 11, 24),
                (g, x) -> g.single(
                        new Adjoint.AttentionInputs(new Attention.Relu(2, 1e-3)), x, input(g, "dy", 2, 11, 8)));
    }

    private void layouts() {
        add("reshape", shape(3, 4, 5), (g, x) -> g.reshape(x, 5, -1, 2));
        add("permute", shape(3, 4, 5), (g, x) -> g.permute(x, 2, 0, 1));
        add("concat", shape(3, 4), (g, x) -> g.concat(-1, x, g.neg(x), input(g, "b", 3, 2)));
        add("slice", shape(3, 9), (g, x) -> g.slice(x, 1, 2, 7));
        add("stride", shape(3, 9), (g, x) -> g.stride(x, 1, 1, 4, 2));
        add("flip", shape(3, 9), (g, x) -> g.flip(x, 1));
        for (Layout.Edge edge : Layout.Edge.values()) {
            add("pad " + edge, shape(2, 4, 5), (g, x) -> g.pad(x, List.of(0, 1, 2), List.of(0, 2, 3), edge, 0.5));
        }
        add("expand", shape(3, 1, 5), (g, x) -> g.expand(x, Shape.of(2, 3, 4, 5)));
        add("repeat", shape(2, 3), (g, x) -> g.repeatInterleave(x, 1, 3));
        add(
                "integer layouts",
                shape(1),
                (g, x) -> g.permute(
                        g.concat(
                                0,
                                g.input("a", DType.I64, Shape.of(2, 3)),
                                g.reshape(g.single(new Source.Range(Dim.of(6), DType.I64)), 2, 3)),
                        1,
                        0));
    }

    private void images() {
        long[][] sizes = {{12, 14}, {9, 5}, {6, 7}, {4, 3}, {18, 21}};
        for (long[] to : sizes) {
            for (Mode mode : Mode.values()) {
                add(
                        "resize " + mode + Arrays.toString(to),
                        shape(1, 2, 6, 7),
                        (g, x) -> g.resize(x, mode, to[0], to[1]));
            }
            for (Mode mode : List.of(Mode.BILINEAR, Mode.BICUBIC)) {
                add(
                        "resize aligned " + mode + Arrays.toString(to),
                        shape(1, 2, 6, 7),
                        (g, x) -> g.resize(x, mode, Grid.ALIGN_CORNERS, Dim.of(to[0]), Dim.of(to[1])));
            }
        }
        add("resize area divisible", shape(1, 2, 6, 8), (g, x) -> g.resize(x, Mode.AREA, 3, 2));
        add("resize bicubic of a tall image", shape(1, 1, 3100, 2), (g, x) -> g.resize(x, Mode.BICUBIC, 3200, 3));
        add("pixel shuffle", shape(2, 18, 3, 4), (g, x) -> g.pixelShuffle(x, 3));
        add("pixel unshuffle", shape(2, 3, 6, 4), (g, x) -> g.pixelUnshuffle(x, 2));
        add("max pool", shape(2, 3, 9, 8), (g, x) -> g.maxPool(x, 3, 2, 1));
        add("avg pool", shape(2, 3, 9, 8), (g, x) -> g.avgPool(x, 3, 2, 1));
        add(
                "avg pool without padding",
                shape(2, 3, 9, 8),
                (g, x) -> g.single(new Spatial.AvgPool(3, 2, Window.of(2, 1), false), x));
        add("global pool", shape(2, 3, 9, 8), GraphBuilder::globalAvgPool);
    }

    private void indexing() {
        add("gather", shape(2, 4, 5), (g, x) -> g.gather(x, g.input("i", DType.I64, Shape.of(3, 2)), 1));
        add("embedding", shape(1), (g, x) -> g.embedding(g.input("ids", DType.I32, Shape.of(2, 3)), 4, 6));
        add(
                "gather elements",
                shape(2, 4, 5),
                (g, x) -> g.single(new Indexing.GatherElements(1), x, g.input("i", DType.I64, Shape.of(2, 3, 5))));
        add("boxes", shape(2, 3, 7, 6), (g, x) -> {
            List<Value> maps =
                    List.of(x, input(g, "d", 2, 4, 7, 6), input(g, "x16", 2, 3, 4, 3), input(g, "d16", 2, 4, 4, 3));
            return g.find(new Finding.Boxes(List.of(8, 16), 6, 0.5f, 0.5, 40, 12), maps);
        });
        add(
                "peaks",
                shape(2, 6, 5, 4),
                (g, x) -> g.find(new Finding.Peaks(0.1f, 9), List.of(x, input(g, "fine", 2, 3, 10, 8))));
        add("summits", shape(2, 6, 5, 4), (g, x) -> {
            Value sought = g.add(g.abs(input(g, "sought", 5, 3)), 0.2);
            return g.find(new Finding.Summits(), List.of(x, input(g, "fine", 2, 3, 10, 8), sought));
        });
        add("top k", shape(2, 9, 3), (g, x) -> g.topK(g.round(g.mul(x, 2)), 1, 4)
                .getFirst());
    }

    private void adjoint(String name, long[] shape, Op op) {
        add(name, shape, (g, x) -> g.single(op, x));
    }

    private void adjoints() {
        Window[] windows = {Window.of(1, 1), Window.of(2, 1), new Window(2, 1, 0, 1, 1, 2, 1, 2)};
        for (Window window : windows) {
            for (int groups : new int[] {1, 2, 6}) {
                add("conv weight " + window + " groups " + groups, shape(2, 6, 9, 8), (g, x) -> {
                    Shape y = g.single(new Convolution.Conv2d(window, groups), x, input(g, "w", 6, 6 / groups, 3, 3))
                            .shape();
                    Value dy = g.input("dy", y);
                    return g.single(new Adjoint.ConvWeight(window, groups, 3, 3), x, dy);
                });
            }
        }
        add(
                "conv weight 1x1",
                shape(2, 5, 4, 3),
                (g, x) -> g.single(new Adjoint.ConvWeight(Window.of(1, 0), 1, 1, 1), x, input(g, "dy", 2, 7, 4, 3)));
        add(
                "conv weight 1x1 stride 2",
                shape(2, 5, 4, 4),
                (g, x) -> g.single(new Adjoint.ConvWeight(Window.of(2, 0), 1, 1, 1), x, input(g, "dy", 2, 7, 2, 2)));
        add(
                "max pool input",
                shape(2, 3, 8, 9),
                (g, x) -> g.single(new Adjoint.MaxPoolInput(3, 3, Window.of(2, 1)), x, input(g, "dy", 2, 3, 4, 5)));
        for (boolean padding : new boolean[] {true, false}) {
            Spatial.AvgPool pool = new Spatial.AvgPool(3, 2, Window.of(2, 1), padding);
            adjoint(
                    "avg pool input " + padding,
                    shape(2, 3, 5, 5),
                    new Adjoint.AvgPoolInput(pool, Dim.of(9), Dim.of(8)));
        }
        for (Mode mode : Mode.values()) {
            adjoint(
                    "resize input " + mode,
                    shape(2, 3, 8, 9),
                    new Adjoint.ResizeInput(mode, Grid.HALF_PIXEL, Dim.of(4), Dim.of(6)));
        }
        add(
                "scatter add",
                shape(2, 3, 2, 5),
                (g, x) ->
                        g.single(new Adjoint.ScatterAdd(1, 2, Dim.of(4)), g.input("i", DType.I64, Shape.of(3, 2)), x));
    }

    private void stateful() {
        for (Stateful.Distribution distribution : Stateful.Distribution.values()) {
            add("philox " + distribution, shape(1), (g, x) -> {
                Value drawn = g.philox(distribution, Shape.of(3, 5), g.input("seed", DType.I64, Shape.of(2)));
                return drawn.dtype() == DType.F32 ? g.mul(g.add(drawn, x), 2) : g.add(drawn, 1);
            });
        }
        add("state", shape(4), (g, x) -> g.writeState("s", g.add(g.readState("s", DType.F32, Shape.of(4)), x)));
        add(
                "alone",
                shape(2, 4),
                (g, x) -> g.exp(g.single(
                        new Stateful.AllGather(0, 1),
                        g.single(
                                new Stateful.AllReduce(Stateful.Combine.SUM, 1),
                                g.single(new Stateful.Halo(1, 1, 1), g.neg(x))))));
    }
}
