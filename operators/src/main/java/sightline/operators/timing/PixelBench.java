package sightline.operators.timing;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.RandomWeights;
import sightline.operators.efficientvit.EfficientVit;
import sightline.operators.efficientvit.Segmenter;
import sightline.operators.efficientvit.Variant;

/**
 * What EfficientViT's paper claims (arXiv 2205.14756): that its attention makes cost grow with the pixels and not with
 * their square. Seg-B0 over square inputs; beside it one attention layer as wide as its third stage's (64 channels, heads
 * of 16, at stride 16), once with the paper's ReLU kernel and once with softmax. Random weights.
 */
public final class PixelBench {
    private static final int[] SIDES = {512, 768, 1024, 1536, 2048};
    private static final int WIDTH = 64;
    private static final int HEAD = 16;
    private static final int STRIDE = 16;
    /** Between keys and queries of one head; a map, its softmax and what the runtime keeps. */
    private static final long MAPS = 3;

    private PixelBench() {}

    /** @param seconds for each figure, three runs at least */
    public static void run(double seconds, PrintStream out) {
        out.printf(
                Locale.ROOT,
                "%5s %12s %14s %12s %14s %12s %14s%n",
                "side",
                "seg-b0 ms",
                "ns a pixel",
                "linear ms",
                "ns a pixel",
                "softmax ms",
                "ns a pixel");
        for (int side : SIDES) {
            double network = millis(
                    EfficientVit.segmentation(Variant.B0, Segmenter.Labels.CITYSCAPES, Shape.of(1, 3, side, side)),
                    seconds);
            double linear = millis(layer(side / STRIDE, false), seconds);
            double softmax = fits(side / STRIDE) ? millis(layer(side / STRIDE, true), seconds) : Double.NaN;
            double pixel = 1e6 / ((double) side * side);
            out.printf(
                    Locale.ROOT,
                    "%5d %12.1f %14.1f %12.2f %14.2f %12.2f %14.2f%n",
                    side,
                    network,
                    network * pixel,
                    linear,
                    linear * pixel,
                    softmax,
                    softmax * pixel);
        }
    }

    /** Whether softmax's maps leave half of what the machine has. */
    private static boolean fits(long grid) {
        long needed = MAPS * 4 * grid * grid * grid * grid;
        var system = (com.sun.management.OperatingSystemMXBean)
                java.lang.management.ManagementFactory.getOperatingSystemMXBean();
        return needed < system.getFreeMemorySize() / 2;
    }

    /** One attention, head by head, so that softmax needs one map at a time. */
    private static Graph layer(int grid, boolean softmax) {
        GraphBuilder g = GraphBuilder.named((softmax ? "softmax " : "linear ") + grid);
        Value x = g.input("image", Shape.of(1, WIDTH, grid, grid));
        Value qkv = g.reshape(g.in("qkv").conv2d(x, Conv.of(3 * WIDTH, 1)), 1, 3L * WIDTH, (long) grid * grid);
        List<Value> heads = new ArrayList<>();
        for (int h = 0; h < WIDTH / HEAD; h++) {
            long at = 3L * HEAD * h;
            Value q = g.slice(qkv, 1, at, at + HEAD);
            Value k = g.slice(qkv, 1, at + HEAD, at + 2 * HEAD);
            Value v = g.slice(qkv, 1, at + 2 * HEAD, at + 3 * HEAD);
            heads.add(softmax ? softmax(g, q, k, v) : linear(g, g.relu(q), g.relu(k), v));
        }
        Value y = g.reshape(g.concat(1, heads), 1, WIDTH, grid, grid);
        g.output("image", g.in("proj").conv2d(y, Conv.of(WIDTH, 1)));
        return g.build();
    }

    private static Value linear(GraphBuilder g, Value q, Value k, Value v) {
        Value state = g.matmul(v, false, k, true);
        Value weight = g.add(g.matmul(g.sum(k, 2), true, q, false), 1e-15);
        return g.div(g.matmul(state, q), weight);
    }

    private static Value softmax(GraphBuilder g, Value q, Value k, Value v) {
        Value map = g.matmul(g.mul(q, 1 / Math.sqrt(HEAD)), true, k, false);
        return g.matmul(v, false, g.softmax(map, 2), true);
    }

    private static double millis(Graph graph, double seconds) {
        Value port = graph.inputs().values().iterator().next();
        Tensor image = Tensor.allocate(DType.F32, port.shape().toArray());
        SplittableRandom random = new SplittableRandom(1);
        for (long i = 0; i < image.size(); i++) {
            image.set(i, random.nextGaussian());
        }
        try (Session session = new OnnxEngine().compile(graph, RandomWeights.of(graph, 1), CompileOptions.DEFAULT)) {
            session.run(image);
            Median median = new Median();
            long end = System.nanoTime() + (long) (seconds * 1e9);
            while (System.nanoTime() < end || median.count() < 3) {
                median.time(() -> session.run(image));
            }
            return median.get();
        }
    }
}
