package sightline.kernels.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Convolution;
import sightline.kernels.graph.Convolution.Window;
import sightline.kernels.graph.Dim;
import sightline.kernels.graph.Elementwise;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Indexing;
import sightline.kernels.graph.Layout;
import sightline.kernels.graph.Linear;
import sightline.kernels.graph.Norm;
import sightline.kernels.graph.Op;
import sightline.kernels.graph.Reduction;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Spatial;
import sightline.kernels.graph.Stateful;
import sightline.kernels.graph.TensorType;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.DType;

/** Every operation of the graph, in the shapes that are easy to get wrong. */
final class ParityCases {
    private final List<ParityCase> cases = new ArrayList<>();

    private ParityCases() {}

    static Stream<ParityCase> all() {
        ParityCases all = new ParityCases();
        all.elementwise();
        all.expressions();
        all.layout();
        all.convolutions();
        all.products();
        all.norms();
        all.reductions();
        all.spatial();
        all.indexing();
        all.state();
        return all.cases.stream();
    }

    private void add(String name, Consumer<GraphBuilder> body) {
        cases.add(ParityCase.of(name, body));
    }

    /** One operation on inputs of the given shapes, all of its outputs. */
    private void op(String name, Op op, long[]... shapes) {
        add(name, g -> {
            List<Value> inputs = new ArrayList<>();
            for (long[] shape : shapes) {
                inputs.add(g.input("x" + inputs.size(), Shape.of(shape)));
            }
            emit(g, op, inputs);
        });
    }

    private static void emit(GraphBuilder g, Op op, List<Value> inputs) {
        List<Value> outputs = g.apply(op, inputs);
        for (int i = 0; i < outputs.size(); i++) {
            g.output("y" + i, outputs.get(i));
        }
    }

    private static long[] of(long... shape) {
        return shape;
    }

    private void elementwise() {
        for (Elementwise.Function function : Elementwise.Function.values()) {
            add("unary " + function, g -> {
                Value x = g.input("x", Shape.of(3, 67));
                boolean positive = function == Elementwise.Function.LOG || function == Elementwise.Function.SQRT;
                Value wide = g.single(
                        new Elementwise.Binary(Elementwise.Arithmetic.MUL),
                        x,
                        g.single(new Source.Fill(3, new TensorType(DType.F32, Shape.of(1)))));
                Value operand = positive ? g.single(new Elementwise.Unary(Elementwise.Function.ABS), wide) : wide;
                g.output("y", g.single(new Elementwise.Unary(function), operand));
            });
        }
        for (Elementwise.Arithmetic arithmetic : Elementwise.Arithmetic.values()) {
            if (arithmetic != Elementwise.Arithmetic.POW) {
                op("binary " + arithmetic, new Elementwise.Binary(arithmetic), of(2, 1, 5, 7), of(3, 1, 7));
                op("binary dense " + arithmetic, new Elementwise.Binary(arithmetic), of(4, 5), of(4, 5));
            }
            if (arithmetic != Elementwise.Arithmetic.DIV) {
                add(
                        "whole " + arithmetic,
                        g -> emit(
                                g,
                                new Elementwise.Binary(arithmetic),
                                List.of(
                                        g.input("a", DType.I64, Shape.of(3, 5)),
                                        g.input("b", DType.I64, Shape.of(5)))));
            }
        }
        add(
                "power",
                g -> emit(
                        g,
                        new Elementwise.Binary(Elementwise.Arithmetic.POW),
                        List.of(
                                g.single(new Elementwise.Unary(Elementwise.Function.EXP), g.input("a", Shape.of(40))),
                                g.input("b", Shape.of(40)))));
        for (Elementwise.Relation relation : Elementwise.Relation.values()) {
            op("compare " + relation, new Elementwise.Compare(relation), of(4, 1, 9), of(5, 9));
            add(
                    "compare whole " + relation,
                    g -> emit(
                            g,
                            new Elementwise.Compare(relation),
                            List.of(g.input("a", DType.I32, Shape.of(20)), g.input("b", DType.I32, Shape.of(20)))));
        }
        for (Elementwise.Logic logic : Elementwise.Logic.values()) {
            add(
                    "logic " + logic,
                    g -> emit(
                            g,
                            new Elementwise.Logical(logic),
                            List.of(
                                    g.input("a", DType.BOOL, Shape.of(20)),
                                    g.input("b", DType.BOOL, Shape.of(2, 20)))));
        }
        add("not", g -> emit(g, new Elementwise.Not(), List.of(g.input("a", DType.BOOL, Shape.of(20)))));
        op("clamp", new Elementwise.Clamp(-0.5, Double.POSITIVE_INFINITY), of(50));
        add(
                "where",
                g -> emit(
                        g,
                        new Elementwise.Where(),
                        List.of(
                                g.input("c", DType.BOOL, Shape.of(4, 1)),
                                g.input("a", Shape.of(3)),
                                g.input("b", Shape.of(2, 4, 3)))));
        for (DType dtype : List.of(DType.F16, DType.BF16, DType.F8E4M3, DType.F8E5M2, DType.I32, DType.BOOL)) {
            add("cast to " + dtype, g -> {
                Value x = g.input("x", Shape.of(300));
                Value wide = g.single(
                        new Elementwise.Binary(Elementwise.Arithmetic.MUL),
                        x,
                        g.single(new Elementwise.Unary(Elementwise.Function.EXP), g.input("scale", Shape.of(300))));
                Value narrow = g.single(new Elementwise.Cast(dtype), wide);
                g.output("y", dtype.isReal() ? g.single(new Elementwise.Cast(DType.F32), narrow) : narrow);
            });
        }
        add("sources", g -> {
            g.output("range", g.single(new Source.Range(Dim.of(9), DType.I64)));
            g.output("fill", g.single(new Source.Fill(2.5, new TensorType(DType.F32, Shape.of(2, 3)))));
            g.output("parameter", g.parameter("weight", 3, 4));
            g.output("input", g.input("x", Shape.of(5)));
        });
    }

    /** Elementwise work that is done together, and what reads it without its being written. */
    private void expressions() {
        add("an expression with what repeats", g -> {
            Value x = g.input("x", Shape.of(2, 9, 32));
            Value y = g.input("y", Shape.of(2, 9, 32));
            Value gain = g.add(g.input("gain", Shape.of(2, 1, 32)), 1);
            Value row = g.input("row", Shape.of(9, 1));
            g.output("z", g.sub(g.mul(g.silu(g.mul(x, y)), gain), g.div(x, g.add(g.square(row), 1))));
        });
        add("an expression too large for one kernel", g -> {
            Value sum = g.input("x", Shape.of(4, 12));
            for (int i = 0; i < 12; i++) {
                Value other = g.input("x" + i, Shape.of(4, 12));
                sum = i % 3 == 0 ? g.sub(g.mul(sum, other), g.relu(other)) : g.add(g.tanh(sum), g.mul(other, 0.5));
            }
            g.output("y", sum);
        });
        add("an expression whose inside is wanted too", g -> {
            Value inner = g.mul(g.input("x", Shape.of(6, 20)), g.input("y", Shape.of(6, 20)));
            Value outer = g.add(g.sigmoid(inner), inner);
            g.output("inner", g.sum(inner, 1));
            g.output("outer", g.mul(outer, outer));
        });
        add("an expression of no multiple of four", g -> {
            Value x = g.input("x", Shape.of(3, 7));
            g.output("y", g.mul(g.add(x, 1), g.silu(x)));
        });
        add("halves of an array and a whole of halves", g -> {
            Value x = g.input("x", Shape.of(3, 8, 2, 6));
            List<Value> halves = g.chunk(x, 1, 2);
            Value gated = g.mul(halves.get(0), g.silu(halves.get(1)));
            g.output("y", g.concat(1, g.add(gated, halves.get(0)), g.neg(halves.get(1)), gated));
        });
        add("heads cut from a row, turned and joined again", g -> {
            List<Value> parts = g.chunk(g.input("x", Shape.of(2, 10, 48)), 2, 3);
            List<Value> turned = parts.stream()
                    .map(p -> g.permute(g.reshape(p, 2, 10, 4, 4), 0, 2, 3, 1))
                    .toList();
            Value joined = g.add(g.relu(turned.get(0)), g.mul(turned.get(1), turned.get(2)));
            g.output("y", g.concat(2, g.reshape(g.permute(joined, 0, 3, 1, 2), 2, 10, 16), parts.get(1)));
        });
        add("rows of an expression", g -> {
            Value x = g.input("x", Shape.of(5, 70, 64));
            Value centred = g.sub(x, g.mean(x, 2));
            g.output("mean", g.mean(g.square(centred), 2));
            g.output("sum", g.sum(g.mul(x, g.input("gain", Shape.of(64))), 2));
            g.output("largest", g.reduce(Reduction.Kind.MAX, g.neg(x), true, 1, 2));
        });
        add("columns of an expression", g -> {
            Value x = g.input("x", Shape.of(2, 300, 132));
            Value y = g.mul(x, g.input("gain", Shape.of(132)));
            g.output("sum", g.sum(y, 1));
            g.output("all", g.mean(g.square(x), 0, 1));
            g.output("least", g.reduce(Reduction.Kind.MIN, g.neg(x), false, 1));
        });
        for (Reduction.Kind kind :
                List.of(Reduction.Kind.SUM, Reduction.Kind.MEAN, Reduction.Kind.MAX, Reduction.Kind.MIN)) {
            add("an expression reduced along rows and down columns in pieces: " + kind, g -> {
                Value x = g.input("x", Shape.of(3, 523, 140));
                Value y = g.mul(g.square(x), g.input("scale", Shape.of(3, 1, 1)));
                g.output("columns", g.reduce(kind, y, true, 1));
                g.output("all columns", g.reduce(kind, g.neg(x), false, 0, 1));
                g.output("rows", g.reduce(kind, g.mul(x, g.input("gain", Shape.of(140))), false, 2));
                Value few = g.input("few", Shape.of(41, 20));
                g.output("short rows", g.reduce(kind, g.neg(few), false, 1));
                g.output("long rows", g.reduce(kind, g.neg(g.input("long", Shape.of(3, 1348))), false, 1));
            });
        }
    }

    private void layout() {
        op("reshape", new Layout.Reshape(Shape.of(4, 6)), of(2, 3, 4));
        op("permute", new Layout.Permute(List.of(2, 0, 3, 1)), of(2, 3, 4, 5));
        op("permute turning rows and columns", new Layout.Permute(List.of(0, 2, 1)), of(2, 45, 70));
        op("permute turning more axes", new Layout.Permute(List.of(0, 2, 3, 1)), of(2, 33, 3, 40));
        op("permute by rows of four", new Layout.Permute(List.of(0, 2, 1, 3)), of(2, 3, 5, 8));
        op(
                "add what repeats along the last axis, by four",
                new Elementwise.Binary(Elementwise.Arithmetic.SUB),
                of(3, 5, 8),
                of(5, 1));
        op(
                "multiply with a row, by four",
                new Elementwise.Binary(Elementwise.Arithmetic.MUL),
                of(3, 5, 8),
                of(3, 1, 8));
        op("concat", new Layout.Concat(1), of(2, 3, 4), of(2, 1, 4), of(2, 5, 4));
        op(
                "concat of more pieces than a launch takes",
                new Layout.Concat(1),
                IntStream.range(0, 11).mapToObj(i -> of(3, 1 + i % 3, 4)).toArray(long[][]::new));
        op("concat of pieces, one of which is no fours", new Layout.Concat(1), of(2, 8), of(2, 5), of(2, 12), of(2, 3));
        op("slice", new Layout.Slice(1, Dim.of(1), Dim.of(3), 2), of(2, 7, 3));
        op("slice backwards", new Layout.Slice(0, Dim.of(6), Dim.of(3), -2), of(7, 3));
        for (Layout.Edge edge : Layout.Edge.values()) {
            op("pad " + edge, new Layout.Pad(List.of(0, 2, 1), List.of(1, 0, 3), edge, 1.5), of(3, 4, 5));
        }
        op("expand", new Layout.Expand(Shape.of(4, 3, 5)), of(3, 1));
    }

    private void convolutions() {
        op("convolution", new Convolution.Conv2d(Window.of(1, 1), 1), of(2, 5, 9, 7), of(70, 5, 3, 3), of(70));
        op("strided", new Convolution.Conv2d(Window.of(2, 1), 1), of(1, 3, 11, 8), of(8, 3, 3, 3));
        op("pointwise", new Convolution.Conv2d(Window.of(1, 0), 1), of(2, 33, 6, 5), of(17, 33, 1, 1), of(17));
        op("grouped", new Convolution.Conv2d(Window.of(1, 0), 3), of(1, 12, 5, 5), of(9, 4, 1, 1));
        op("dilated", new Convolution.Conv2d(Window.of(1, 2, 2), 1), of(1, 4, 9, 9), of(6, 4, 3, 3));
        op(
                "uneven padding",
                new Convolution.Conv2d(new Window(2, 1, 0, 2, 1, 1, 1, 1), 1),
                of(1, 2, 6, 7),
                of(3, 2, 3, 2));
        op("depthwise", new Convolution.Conv2d(Window.of(1, 1), 6), of(2, 6, 8, 9), of(6, 1, 3, 3), of(6));
        op(
                "depthwise of whole rows",
                new Convolution.Conv2d(Window.of(1, 1), 6),
                of(2, 6, 7, 12),
                of(6, 1, 3, 3),
                of(6));
        op(
                "depthwise of whole rows, strided",
                new Convolution.Conv2d(Window.of(2, 2), 4),
                of(3, 4, 10, 16),
                of(4, 1, 5, 5));
        op("depthwise strided", new Convolution.Conv2d(Window.of(2, 3), 4), of(1, 4, 13, 10), of(4, 1, 7, 7));
        op("transposed", new Convolution.ConvTranspose2d(Window.of(2, 1), 0, 0, 1), of(2, 5, 4, 6), of(5, 7, 4, 4));
        op(
                "transposed with extra",
                new Convolution.ConvTranspose2d(Window.of(2, 1), 1, 1, 1),
                of(1, 3, 4, 5),
                of(3, 4, 3, 3),
                of(4));
        op(
                "transposed grouped",
                new Convolution.ConvTranspose2d(Window.of(2, 1), 0, 0, 2),
                of(1, 4, 4, 4),
                of(4, 3, 4, 4));
        op(
                "transposed depthwise",
                new Convolution.ConvTranspose2d(Window.of(2, 1), 1, 1, 5),
                of(2, 5, 4, 4),
                of(5, 1, 3, 3));
        op("weight gradient", new Adjoint.ConvWeight(Window.of(2, 1), 1, 3, 3), of(2, 5, 9, 8), of(2, 6, 5, 4));
        op("weight gradient grouped", new Adjoint.ConvWeight(Window.of(1, 0), 2, 1, 1), of(2, 6, 5, 5), of(2, 4, 5, 5));
        op(
                "weight gradient depthwise",
                new Adjoint.ConvWeight(Window.of(1, 2), 4, 5, 5),
                of(2, 4, 7, 7),
                of(2, 4, 7, 7));
        op(
                "weight gradient depthwise of whole rows",
                new Adjoint.ConvWeight(Window.of(1, 1), 4, 3, 3),
                of(2, 4, 9, 12),
                of(2, 4, 9, 12));
        op(
                "weight gradient split",
                new Adjoint.ConvWeight(Window.of(1, 1), 1, 3, 3),
                of(1, 2, 70, 70),
                of(1, 3, 70, 70));
    }

    private void products() {
        for (boolean a : new boolean[] {false, true}) {
            for (boolean b : new boolean[] {false, true}) {
                long[] left = a ? of(2, 1, 19, 70) : of(2, 1, 70, 19);
                long[] right = b ? of(3, 9, 19) : of(3, 19, 9);
                op("matmul " + a + " " + b, new Linear.MatMul(a, b), left, right);
            }
        }
        op("softmax", new Linear.Softmax(-1), of(3, 4, 37));
        op("softmax of long rows", new Linear.Softmax(-1), of(5, 300));
        add("softmax of what is scaled before", g -> {
            g.output("a", g.softmax(g.mul(g.input("a", Shape.of(3, 300)), 0.3), -1));
            g.output("b", g.softmax(g.mul(g.input("b", Shape.of(3, 700)), -1.3), -1));
            g.output("c", g.softmax(g.mul(g.input("c", Shape.of(4, 5)), 2), 0));
        });
        op("softmax of very long rows", new Linear.Softmax(-1), of(3, 700));
        op("softmax of channels", new Linear.Softmax(1), of(2, 19, 3, 4));
        add(
                "softmax masked row by row",
                g -> emit(
                        g,
                        new Linear.Softmax(1),
                        List.of(g.input("x", Shape.of(2, 40, 3)), g.input("mask", DType.BOOL, Shape.of(40, 3)))));
        add(
                "masked softmax",
                g -> emit(
                        g,
                        new Linear.Softmax(-1),
                        List.of(g.input("x", Shape.of(2, 3, 140)), g.input("mask", DType.BOOL, Shape.of(2, 1, 140)))));
    }

    private void norms() {
        long[] x = of(3, 6, 5, 7);
        long[] c = of(6);
        add(
                "batch norm",
                g -> emit(
                        g,
                        new Norm.BatchNorm(1e-5, 0.1, false),
                        List.of(
                                g.input("x", Shape.of(x)),
                                g.input("scale", Shape.of(c)),
                                g.input("bias", Shape.of(c)),
                                g.input("mean", Shape.of(c)),
                                g.single(new Elementwise.Unary(Elementwise.Function.EXP), g.input("v", Shape.of(c))))));
        op("batch norm in training", new Norm.BatchNorm(1e-5, 0.1, true), x, c, c, c, c);
        op("layer norm", new Norm.LayerNorm(-1, 1e-5), of(4, 9, 40), of(40), of(40));
        op("layer norm alone", new Norm.LayerNorm(-1, 1e-6), of(3, 5, 64));
        op("layer norm of long rows", new Norm.LayerNorm(1, 1e-6), of(4, 333));
        op("layer norm of channels", new Norm.LayerNorm(1, 1e-6), x, c, c);
        op("rms norm", new Norm.RmsNorm(1, 1e-5), x, c, c);
        op("group norm", new Norm.GroupNorm(3, 1e-6), x, c, c);
        op("group norm of large groups", new Norm.GroupNorm(2, 1e-6), of(2, 6, 9, 9), c, c);
    }

    private void reductions() {
        for (Reduction.Kind kind : Reduction.Kind.values()) {
            op("reduce " + kind, new Reduction.Reduce(kind, List.of(0, -1), true), of(3, 4, 5));
            op("reduce long " + kind, new Reduction.Reduce(kind, List.of(2, 3), false), of(2, 3, 21, 20));
            op("reduce by many blocks " + kind, new Reduction.Reduce(kind, List.of(0, 2), false), of(3, 2, 9001));
            op("reduce down columns " + kind, new Reduction.Reduce(kind, List.of(1), true), of(2, 130, 40));
            op(
                    "reduce down columns in pieces " + kind,
                    new Reduction.Reduce(kind, List.of(0, 1), false),
                    of(3, 70, 33));
            op("reduce all " + kind, new Reduction.Reduce(kind, List.of(0, 1), false), of(20, 20));
            add(
                    "reduce whole " + kind,
                    g -> emit(
                            g,
                            new Reduction.Reduce(kind, List.of(1), false),
                            List.of(g.input("x", DType.I64, Shape.of(4, 6)))));
        }
        for (Reduction.End end : Reduction.End.values()) {
            op("arg " + end, new Reduction.ArgReduce(end, 1, false), of(3, 19, 4));
        }
    }

    private void spatial() {
        long[][] sizes = {{9, 13}, {5, 6}, {3, 2}, {1, 1}};
        for (Spatial.Mode mode : Spatial.Mode.values()) {
            for (Spatial.Grid grid : Spatial.Grid.values()) {
                if (grid == Spatial.Grid.ALIGN_CORNERS
                        && mode != Spatial.Mode.BILINEAR
                        && mode != Spatial.Mode.BICUBIC) {
                    continue;
                }
                for (long[] size : sizes) {
                    String name = mode + " " + grid + " " + size[0];
                    op(
                            "resize " + name,
                            new Spatial.Resize(mode, grid, Dim.of(size[0]), Dim.of(size[1])),
                            of(2, 3, 5, 6));
                    op(
                            "resize adjoint " + name,
                            new Adjoint.ResizeInput(mode, grid, Dim.of(5), Dim.of(6)),
                            of(2, 3, size[0], size[1]));
                }
            }
        }
        op("pixel shuffle", new Spatial.PixelShuffle(2), of(2, 12, 3, 5));
        op("pixel unshuffle", new Spatial.PixelUnshuffle(2), of(2, 3, 6, 4));
        Window overlapping = Window.of(2, 1);
        op("max pool", new Spatial.MaxPool(3, 3, overlapping), of(2, 3, 8, 7));
        op("max pool adjoint", new Adjoint.MaxPoolInput(3, 3, overlapping), of(2, 3, 8, 7), of(2, 3, 4, 4));
        for (boolean counted : new boolean[] {false, true}) {
            Spatial.AvgPool pool = new Spatial.AvgPool(3, 3, overlapping, counted);
            op("average pool " + counted, pool, of(2, 3, 8, 7));
            op("average pool adjoint " + counted, new Adjoint.AvgPoolInput(pool, Dim.of(8), Dim.of(7)), of(2, 3, 4, 4));
        }
    }

    private void indexing() {
        add(
                "gather",
                g -> emit(
                        g,
                        new Indexing.Gather(1),
                        List.of(g.input("x", Shape.of(2, 5, 3)), g.input("i", DType.I64, Shape.of(2, 4)))));
        add(
                "gather elements",
                g -> emit(
                        g,
                        new Indexing.GatherElements(1),
                        List.of(g.input("x", Shape.of(2, 5, 3)), g.input("i", DType.I64, Shape.of(2, 4, 3)))));
        add(
                "scatter add",
                g -> emit(
                        g,
                        new Adjoint.ScatterAdd(1, 2, Dim.of(5)),
                        List.of(g.input("i", DType.I64, Shape.of(2, 4)), g.input("dy", Shape.of(3, 2, 4, 6)))));
        op("top k", new Indexing.TopK(-1, 7), of(3, 400));
        op("top k of the middle axis", new Indexing.TopK(1, 3), of(2, 6, 5));
        add("top k of equals", g -> emit(g, new Indexing.TopK(0, 5), List.of(g.input("x", DType.I64, Shape.of(30)))));
    }

    private void state() {
        for (Stateful.Distribution distribution : Stateful.Distribution.values()) {
            add(
                    "philox " + distribution,
                    g -> emit(
                            g,
                            new Stateful.Philox(distribution, Shape.of(5, 7)),
                            List.of(g.input("seed", DType.I64, Shape.of(2)))));
        }
        add("state of the run before", g -> {
            Value x = g.input("x", Shape.of(6));
            Value before = g.readState("sum", DType.F32, Shape.of(6));
            g.writeState("sum", g.add(before, x));
            g.output("before", before);
        });
        op("halo of one rank", new Stateful.Halo(1, 2, 1), of(2, 4, 3));
        op("all-reduce of one rank", new Stateful.AllReduce(Stateful.Combine.SUM, 1), of(2, 4));
    }

    static Graph graph(String name) {
        return all().filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow()
                .graph();
    }
}
