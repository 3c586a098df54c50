package sightline.kernels.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import sightline.kernels.grad.Gradients;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Convolution;
import sightline.kernels.graph.Convolution.Window;
import sightline.kernels.graph.Elementwise;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Spatial.Mode;
import sightline.kernels.graph.Value;

/** The blocks that the perception networks are made of, small, in shapes that leave tiles partly empty. */
final class HalfCases {
    private final List<ParityCase> cases = new ArrayList<>();

    static Stream<ParityCase> all() {
        HalfCases all = new HalfCases();
        all.blocks();
        all.attention();
        all.deconvolution();
        all.borders();
        return all.cases.stream();
    }

    /** Some of them, in the order of {@link #all}. */
    static Stream<ParityCase> named(String... names) {
        return all().filter(c -> List.of(names).contains(c.name()));
    }

    /** So large that only a real device gets through them: enough tiles for the widest kernels. */
    static Stream<ParityCase> large() {
        HalfCases all = new HalfCases();
        for (int filters : new int[] {32, 64, 128, 200}) {
            all.add("long sums to " + filters, g -> {
                Value x = g.input("x", Shape.of(1, 72, 130, 121));
                Value y = active(g.in("a"), x, Conv.of(filters, 3), Elementwise.Function.GELU_TANH);
                g.output("y", g.add(y, g.input("z", Shape.of(1, filters, 130, 121))));
            });
        }
        return all.cases.stream();
    }

    /** Forward and backward of the same blocks, batch norms in their training meaning. */
    static Stream<ParityCase> training() {
        return all().filter(c -> !c.name().startsWith("large") && !c.name().startsWith("pointwise"))
                .map(c -> new ParityCase(
                        "gradients of " + c.name(),
                        Gradients.of(
                                c.graph().withTraining(true),
                                c.graph().outputs().keySet())));
    }

    private void add(String name, Consumer<GraphBuilder> body) {
        cases.add(ParityCase.of(name, body));
    }

    private static Value active(GraphBuilder g, Value x, Conv conv, Elementwise.Function function) {
        Value y = g.in("norm").batchNorm(g.in("conv").conv2d(x, conv), 1e-5);
        return function == null ? y : g.single(new Elementwise.Unary(function), y);
    }

    private void blocks() {
        Elementwise.Function swish = Elementwise.Function.HARD_SWISH;
        add("stem and separable", g -> {
            Value x = active(
                    g.in("stem"),
                    g.input("x", Shape.of(2, 3, 22, 18)),
                    Conv.of(16, 3).stride(2),
                    swish);
            Value y = active(g.in("depth"), x, Conv.depthwise(16, 3), swish);
            g.output("y", g.add(x, active(g.in("point"), y, Conv.of(16, 1), null)));
        });
        for (int k : new int[] {3, 5, 7}) {
            for (int stride : new int[] {1, 2}) {
                add("inverted " + k + " " + stride, g -> {
                    Value x = g.input("x", Shape.of(1, 24, 15, 13));
                    Value y = active(g.in("up"), x, Conv.of(72, 1), Elementwise.Function.RELU6);
                    y = active(g.in("mid"), y, Conv.depthwise(72, k).stride(stride), Elementwise.Function.RELU6);
                    y = active(g.in("down"), y, Conv.of(24, 1), null);
                    g.output("y", stride == 1 ? g.add(y, x) : y);
                });
            }
        }
        for (int k : new int[] {3, 5, 7}) {
            for (int stride : new int[] {1, 2}) {
                for (int channels : new int[] {32, 48}) {
                    add("depthwise " + k + " " + stride + " " + channels, g -> {
                        Value x = g.input("x", Shape.of(2, channels, 27 - k, 19 + k));
                        Conv conv = Conv.depthwise(channels, k).stride(stride);
                        g.output("y", active(g.in("mid"), x, conv, swish));
                    });
                }
            }
        }
        add("depthwise over a wide image", g -> {
            Value x = g.input("x", Shape.of(1, 32, 40, 131));
            g.output("y", active(g.in("mid"), x, Conv.depthwise(32, 3), null));
        });
        for (int filters : new int[] {8, 19, 32, 64, 136}) {
            add("dense to " + filters, g -> {
                Value x = g.input("x", Shape.of(2, 40, 9, 10));
                g.output("y", active(g.in("a"), x, Conv.of(filters, 3), Elementwise.Function.GELU_TANH));
            });
        }
        add("large enough for large tiles", g -> {
            Value x = g.input("x", Shape.of(1, 16, 128, 120));
            g.output("y", active(g.in("a"), x, Conv.of(128, 1), Elementwise.Function.RELU));
        });
        for (int[] width : new int[][] {{16, 64}, {24, 72}, {64, 40}, {96, 19}, {128, 72}, {136, 24}, {200, 64}}) {
            add("pointwise " + width[0] + " to " + width[1], g -> {
                Value x = g.input("x", Shape.of(1, width[0], 65, 64));
                Value y = active(g.in("a"), x, Conv.of(width[1], 1), Elementwise.Function.HARD_SWISH);
                g.output("y", g.add(y, g.input("z", Shape.of(1, width[1], 65, 64))));
            });
        }
        add("norm over channels", g -> {
            Value x = active(g.in("a"), g.input("x", Shape.of(2, 24, 9, 7)), Conv.of(40, 1), null);
            g.output("y", g.in("n").layerNorm(x, 1, 1e-6));
        });
        add("fused and residual", g -> {
            Value x = g.input("x", Shape.of(1, 32, 12, 12));
            Value y = active(g.in("up"), x, Conv.of(128, 3), Elementwise.Function.GELU_TANH);
            g.output("y", g.relu(g.add(x, active(g.in("down"), y, Conv.of(32, 1), null))));
        });
        add("pyramid", g -> {
            Value a = active(g.in("a"), g.input("x", Shape.of(1, 24, 8, 12)), Conv.of(32, 1), null);
            Value b = active(g.in("b"), g.input("z", Shape.of(1, 40, 4, 6)), Conv.of(32, 1), null);
            Value sum = g.add(a, g.upsample(b, Mode.BICUBIC, 2));
            g.output("y", active(g.in("c"), sum, Conv.of(19, 1), null));
            g.output("nearest", g.upsample(sum, Mode.NEAREST, 2));
            g.output("bilinear", g.upsample(sum, Mode.BILINEAR, 2));
        });
        add("classifier", g -> {
            Value x = active(g.in("a"), g.input("x", Shape.of(3, 24, 7, 5)), Conv.of(48, 1), swish);
            Value pooled = g.reshape(g.mean(x, 2, 3), Shape.of(3, 48));
            Value y = g.hardSwish(g.in("n").layerNorm(g.in("l").linear(pooled, 64, false), -1, 1e-5));
            g.output("y", g.in("out").linear(y, 30, true));
        });
    }

    private void attention() {
        for (int width : new int[] {16, 32}) {
            for (boolean scales : new boolean[] {true, false}) {
                add("linear attention " + width + " " + scales, g -> attend(g, width, scales));
            }
        }
    }

    private static void attend(GraphBuilder g, int width, boolean scales) {
        int heads = 2;
        int channels = heads * width;
        Value x = g.input("x", Shape.of(2, channels, 11, 13));
        Value qkv = g.in("qkv").conv2d(x, Conv.of(3 * channels, 1));
        List<Value> pieces = new ArrayList<>(List.of(qkv));
        if (scales) {
            Value near = g.in("near").conv2d(qkv, Conv.depthwise(3 * channels, 5));
            pieces.add(g.in("mix").conv2d(near, Conv.of(3 * channels, 1).groups(3 * heads)));
        }
        int all = heads * pieces.size();
        Value tokens = g.reshape(g.concat(1, pieces), Shape.of(2, all, 3L * width, 143));
        List<Value> parts = g.chunk(tokens, 2, 3);
        Value q = g.relu(parts.get(0));
        Value k = g.relu(parts.get(1));
        Value state = g.matmul(parts.get(2), false, k, true);
        Value weight = g.add(g.matmul(g.sum(k, 3), true, q, false), 1e-15);
        Value out = g.reshape(g.div(g.matmul(state, q), weight), Shape.of(2, (long) all * width, 11, 13));
        g.output("y", g.add(x, active(g.in("proj"), out, Conv.of(channels, 1), null)));
    }

    private void deconvolution() {
        add("two deconvolutions under one norm", g -> {
            Value a = active(g.in("a"), g.input("x", Shape.of(1, 16, 6, 5)), Conv.of(24, 1), null);
            Value b = active(g.in("b"), g.input("z", Shape.of(1, 16, 6, 5)), Conv.of(32, 1), null);
            Convolution.ConvTranspose2d up = new Convolution.ConvTranspose2d(Window.of(2, 1), 0, 0, 1);
            Value sum = g.add(
                    g.single(up, a, g.in("p").parameter("weight", 24, 20, 4, 4)),
                    g.single(up, b, g.in("q").parameter("weight", 32, 20, 4, 4)));
            g.output("y", g.relu(g.in("n").batchNorm(sum, 1e-5)));
        });
        for (int k : new int[] {2, 3, 4}) {
            add("deconvolution " + k, g -> {
                Value x = g.input("x", Shape.of(2, 16, 5, 7));
                Convolution.ConvTranspose2d up = new Convolution.ConvTranspose2d(
                        Window.of(2, k == 2 ? 0 : 1), k == 3 ? 1 : 0, k == 3 ? 1 : 0, 1);
                g.output("y", g.single(up, x, g.parameter("weight", 16, 24, k, k), g.parameter("bias", 24)));
            });
        }
    }

    private void borders() {
        add("half between exact operations", g -> {
            Value x = g.softmax(g.input("x", Shape.of(2, 12, 6, 7)), 1);
            Value y = active(g.in("a"), x, Conv.of(12, 3), Elementwise.Function.SILU);
            g.output("y", g.softmax(y, 1));
            g.output("z", g.concat(1, List.of(y, g.exp(x))));
        });
        add("concatenated channels", g -> {
            Value x = g.input("x", Shape.of(1, 16, 6, 7));
            Value a = active(g.in("a"), x, Conv.of(8, 1), Elementwise.Function.RELU);
            Value b = active(g.in("b"), x, Conv.of(24, 1), Elementwise.Function.RELU);
            g.output("y", active(g.in("c"), g.concat(1, List.of(a, b)), Conv.of(16, 3), null));
        });
    }

    /** With everything that an epilogue can do, on pixels that no tile divides. */
    static ParityCase dense(int channels, int filters, int kernel) {
        return ParityCase.of(channels + " to " + filters + " by " + kernel, g -> {
            Value y = g.in("conv").conv2d(g.input("x", Shape.of(2, channels, 11, 19)), Conv.of(filters, kernel));
            y = g.single(
                    new Elementwise.Unary(Elementwise.Function.HARD_SWISH),
                    g.in("norm").batchNorm(y, 1e-5));
            g.output("y", g.add(y, g.input("z", Shape.of(2, filters, 11, 19))));
        });
    }

    /** A fused bottleneck, with a sum where its stride is one, on pixels that no tile divides. */
    static ParityCase fused(int channels, int middle, int filters, int stride) {
        return ParityCase.of(channels + " to " + middle + " to " + filters + " by " + stride, g -> {
            Value x = g.input("x", Shape.of(3, channels, 22, 38));
            Conv conv = Conv.of(middle, 3).stride(stride);
            Value y = active(g.in("expand"), x, conv, Elementwise.Function.GELU_TANH);
            y = active(g.in("project"), y, Conv.of(filters, 1), null);
            g.output("y", stride == 1 ? g.add(y, g.input("z", y.shape())) : y);
        });
    }
}
