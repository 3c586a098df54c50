import static org.bytedeco.pytorch.global.torch.*;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import sightline.config.domain.Skeleton;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Convolution;
import sightline.kernels.graph.Elementwise;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Layout;
import sightline.kernels.graph.Linear;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Norm;
import sightline.kernels.graph.Reduction;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Spatial;
import sightline.kernels.graph.Value;
import sightline.kernels.lowering.BatchNormFolding;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;
import sightline.operators.efficientvit.EfficientVit;
import sightline.operators.efficientvit.Segmenter;
import sightline.operators.efficientvit.Variant;
import sightline.operators.litepose.LitePose;
import sightline.operators.litepose.Size;
import sightline.operators.sam.ImageEncoder;
import sightline.operators.sam.Sam;

/**
 * Our session beside libtorch, called operation by operation as a program without a framework's compiler calls it, on the
 * same graphs with batch norms folded; they take turns. Also says how far the two are apart, in relative L2: nothing of
 * libtorch's arithmetic is ours. Never part of the product; BENCHMARKS.md has the commands.
 *
 * <p>{@code LibtorchPeer [SECONDS [NAME]]}
 */
class LibtorchPeer {
    private static final Scalar ONE = new Scalar(1);

    public static void main(String[] arguments) {
        double seconds = arguments.length > 0 ? Double.parseDouble(arguments[0]) : 4;
        String only = arguments.length > 1 ? arguments[1] : "";
        Map<String, Graph> graphs = new java.util.LinkedHashMap<>();
        graphs.put(
                "efficientvit-seg-b0 1024x512",
                EfficientVit.segmentation(Variant.B0, Segmenter.Labels.CITYSCAPES, Shape.of(1, 3, 512, 1024)));
        graphs.put("efficientvit-det-b0 320", EfficientVit.detection(Variant.B0, Shape.of(1, 3, 320, 320)));
        graphs.put("efficientvit-det-b0 416", EfficientVit.detection(Variant.B0, Shape.of(1, 3, 416, 416)));
        graphs.put("litepose-xs 256", LitePose.graph(Size.XS, Skeleton.CROWDPOSE_14, Shape.of(1, 3, 256, 256)));
        graphs.put("litepose-m 448", LitePose.graph(Size.M, Skeleton.CROWDPOSE_14, Shape.of(1, 3, 448, 448)));
        graphs.put("efficientvit-sam-l0 512", ImageEncoder.graph(Sam.L0, Shape.of(1, 3, 512, 512), 64));
        System.out.printf(
                "%-30s %7s %10s %12s %7s %12s%n",
                "network", "threads", "ours ms", "libtorch ms", "ratio", "relative L2");
        graphs.forEach((name, graph) -> {
            if (name.contains(only)) {
                for (int threads : new int[] {1, 2}) {
                    compare(name, graph, threads, seconds);
                }
            }
        });
    }

    private static void compare(String name, Graph graph, int threads, double seconds) {
        set_num_threads(threads);
        Weights weights = RandomWeights.of(graph, 1);
        Value port = graph.inputs().values().iterator().next();
        Tensor image = Tensor.allocate(DType.F32, port.shape().toArray());
        SplittableRandom random = new SplittableRandom(1);
        for (long i = 0; i < image.size(); i++) {
            image.set(i, random.nextGaussian());
        }
        try (Session ours = new OnnxEngine().compile(graph, weights, CompileOptions.DEFAULT.withThreads(threads));
                InferenceMode guard = new InferenceMode();
                PointerScope scope = new PointerScope()) {
            LibtorchPeer theirs = new LibtorchPeer(graph, weights, image);
            List<Double> mine = new ArrayList<>();
            List<Double> torch = new ArrayList<>();
            Map<String, Tensor> exact =
                    ours.run(Map.of(port.node().op() instanceof Source.Input input ? input.name() : "", image));
            double error = theirs.apart(exact);
            long begin = System.nanoTime();
            for (int i = 0; System.nanoTime() - begin < seconds * 1e9 || i < 6; i++) {
                long t0 = System.nanoTime();
                ours.run(image);
                long t1 = System.nanoTime();
                theirs.run();
                long t2 = System.nanoTime();
                if (i > 1) {
                    mine.add((t1 - t0) / 1e6);
                    torch.add((t2 - t1) / 1e6);
                }
            }
            System.out.printf(
                    Locale.ROOT,
                    "%-30s %7d %10.2f %12.2f %7.2f %12.2e%n",
                    name,
                    threads,
                    median(mine),
                    median(torch),
                    median(torch) / median(mine),
                    error);
        }
    }

    private static double median(List<Double> values) {
        Collections.sort(values);
        return values.get(values.size() / 2);
    }

    private final Graph graph;
    private final Map<Value, org.bytedeco.pytorch.Tensor> constant = new HashMap<>();

    private LibtorchPeer(Graph declared, Weights weights, Tensor image) {
        var folded = BatchNormFolding.fold(declared, weights, Arena.ofAuto());
        this.graph = folded.graph();
        for (Node node : graph.nodes()) {
            switch (node.op()) {
                case Source.Input input -> constant.put(node.output(), view(image));
                case Source.Parameter p ->
                    constant.put(
                            node.output(), view(folded.weights().find(p.name()).orElseThrow()));
                case Source.Fill fill -> constant.put(node.output(), full(new long[0], new Scalar(fill.value())));
                default -> {}
            }
        }
    }

    /** A copy, so that it is aligned as the library likes it. */
    private static org.bytedeco.pytorch.Tensor view(Tensor tensor) {
        Pointer data = new Pointer(tensor.data().asByteBuffer());
        return from_blob(data, tensor.shape()).clone();
    }

    private double apart(Map<String, Tensor> exact) {
        double worst = 0;
        try (PointerScope scope = new PointerScope()) {
            Map<Value, org.bytedeco.pytorch.Tensor> values = evaluate();
            for (var output : exact.entrySet()) {
                var actual = values.get(graph.output(output.getKey())).contiguous();
                var buffer = actual.data_ptr_float();
                double difference = 0;
                double norm = 0;
                for (long i = 0; i < output.getValue().size(); i++) {
                    double value = output.getValue().get(i);
                    difference += Math.pow(buffer.get(i) - value, 2);
                    norm += value * value;
                }
                worst = Math.max(worst, Math.sqrt(difference / norm));
            }
        }
        return worst;
    }

    private void run() {
        try (PointerScope scope = new PointerScope()) {
            evaluate();
        }
    }

    private Map<Value, org.bytedeco.pytorch.Tensor> evaluate() {
        Map<Value, org.bytedeco.pytorch.Tensor> values = new HashMap<>(constant);
        for (Node node : graph.nodes()) {
            if (!(node.op() instanceof Source)) {
                values.put(
                        node.output(),
                        apply(node, node.inputs().stream().map(values::get).toList()));
            }
        }
        return values;
    }

    private static org.bytedeco.pytorch.Tensor apply(Node node, List<org.bytedeco.pytorch.Tensor> in) {
        var x = in.getFirst();
        long[] shape = node.output().shape().toArray();
        return switch (node.op()) {
            case Convolution.Conv2d c -> {
                var w = c.window();
                yield conv2d(
                        x,
                        in.get(1),
                        in.size() > 2 ? new TensorOptional(in.get(2)) : new TensorOptional(),
                        new long[] {w.strideY(), w.strideX()},
                        new long[] {w.top(), w.left()},
                        new long[] {w.dilationY(), w.dilationX()},
                        c.groups());
            }
            case Convolution.ConvTranspose2d c -> {
                var w = c.window();
                yield conv_transpose2d(
                        x,
                        in.get(1),
                        in.size() > 2 ? new TensorOptional(in.get(2)) : new TensorOptional(),
                        new long[] {w.strideY(), w.strideX()},
                        new long[] {w.top(), w.left()},
                        new long[] {c.extraY(), c.extraX()},
                        c.groups(),
                        w.dilationY(),
                        w.dilationX());
            }
            case Elementwise.Unary u ->
                switch (u.function()) {
                    case RELU -> relu(x);
                    case RELU6 -> relu6(x);
                    case HARD_SWISH -> hardswish(x);
                    case GELU_TANH -> gelu(x, "tanh");
                    default -> throw new IllegalArgumentException(node.toString());
                };
            case Elementwise.Binary b ->
                switch (b.arithmetic()) {
                    case ADD -> add(x, in.get(1));
                    case MUL -> mul(x, in.get(1));
                    case DIV -> div(x, in.get(1));
                    default -> throw new IllegalArgumentException(node.toString());
                };
            case Layout.Concat c -> cat(new TensorVector(in.toArray(org.bytedeco.pytorch.Tensor[]::new)), c.axis());
            case Layout.Reshape r -> reshape(x, shape);
            case Layout.Slice s -> {
                long start = s.start().length();
                yield slice(
                        x,
                        s.axis(),
                        new LongOptional(start),
                        new LongOptional(start + s.step() * s.length().length()),
                        s.step());
            }
            case Linear.MatMul m ->
                matmul(
                        m.transposeA() ? transpose(x, -2, -1) : x,
                        m.transposeB() ? transpose(in.get(1), -2, -1) : in.get(1));
            case Reduction.Reduce r ->
                sum(x, r.axes().stream().mapToLong(Integer::longValue).toArray(), r.keep(), new ScalarTypeOptional());
            case Spatial.Resize r -> {
                long[] size = Arrays.copyOfRange(shape, 2, 4);
                yield switch (r.mode()) {
                    case BICUBIC -> upsample_bicubic2d(x, size, false);
                    case BILINEAR -> upsample_bilinear2d(x, size, false);
                    case NEAREST -> upsample_nearest2d(x, size);
                    default -> throw new IllegalArgumentException(node.toString());
                };
            }
            case Norm.BatchNorm n ->
                batch_norm(
                        x,
                        new TensorOptional(in.get(1)),
                        new TensorOptional(in.get(2)),
                        new TensorOptional(in.get(3)),
                        new TensorOptional(in.get(4)),
                        false,
                        n.momentum(),
                        n.epsilon(),
                        false);
            case Norm.LayerNorm n -> {
                int last = shape.length - 1;
                var moved = transpose(x, n.axis(), last).contiguous();
                yield transpose(
                        layer_norm(
                                moved,
                                new long[] {shape[n.axis()]},
                                new TensorOptional(in.get(1)),
                                new TensorOptional(in.get(2)),
                                n.epsilon(),
                                false),
                        n.axis(),
                        last);
            }
            default -> throw new IllegalArgumentException("libtorch is not asked for " + node.op());
        };
    }
}
