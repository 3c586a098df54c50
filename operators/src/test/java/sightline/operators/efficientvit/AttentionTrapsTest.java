package sightline.operators.efficientvit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Linear;
import sightline.kernels.graph.Norm;
import sightline.kernels.graph.Shape;
import sightline.kernels.reference.ReferenceEngine;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;
import sightline.operators.sam.ImageEncoder;
import sightline.operators.sam.Sam;

/** What an implementation of EfficientViT gets wrong without noticing. */
class AttentionTrapsTest {
    private static final int CHANNELS = 4;
    private static final int HEAD = 2;

    private static Graph attention(int channels, int head, int height, int width) {
        GraphBuilder g = GraphBuilder.named("attention");
        g.output(
                "y",
                LiteMla.of(head).write(g, g.input("x", Shape.of(1, channels, height, width)), Style.of(Variant.B0)));
        return g.build();
    }

    /** The linear way has three products (state, weights, result), the quadratic one two. */
    @ParameterizedTest
    @CsvSource({"4, 4, 2", "1, 16, 2", "4, 5, 3", "17, 1, 3"})
    void attentionIsQuadraticWhereThereAreNoMorePixelsThanChannelsOfAHead(int height, int width, int products) {
        assertThat(attention(32, 16, height, width).nodes())
                .filteredOn(node -> node.op() instanceof Linear.MatMul)
                .hasSize(products);
    }

    /** Channels are q, k, v of the first head, then of the second: not all q, all k, all v. */
    @Test
    void queriesKeysAndValuesLieHeadByHead() {
        int pixels = 3;
        Graph graph = attention(CHANNELS, HEAD, 1, pixels);
        Weights weights = RandomWeights.of(graph, 1);
        float[] x = new float[CHANNELS * pixels];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        double[][] qkv = product(weights.find("qkv.conv.weight").orElseThrow(), rows(x, pixels));
        double[][] attended = new double[CHANNELS][];
        for (int h = 0; h < CHANNELS / HEAD; h++) {
            int at = 3 * HEAD * h;
            for (int c = 0; c < HEAD; c++) {
                attended[HEAD * h + c] = attend(qkv, at, at + HEAD, qkv[at + 2 * HEAD + c]);
            }
        }
        double[][] projected = product(weights.find("proj.conv.weight").orElseThrow(), attended);
        try (Session session = new ReferenceEngine().compile(graph, weights)) {
            Tensor y = session.run(Tensor.of(x, 1, CHANNELS, 1, pixels));
            for (int c = 0; c < CHANNELS; c++) {
                for (int n = 0; n < pixels; n++) {
                    assertThat(y.get((long) c * pixels + n))
                            .isCloseTo(normed(weights, c, projected[c][n]), within(1e-4));
                }
            }
        }
    }

    private static double[][] rows(float[] values, int length) {
        double[][] rows = new double[values.length / length][length];
        for (int i = 0; i < values.length; i++) {
            rows[i / length][i % length] = values[i];
        }
        return rows;
    }

    private static double[][] product(Tensor kernel, double[][] x) {
        double[][] y = new double[(int) kernel.dim(0)][x[0].length];
        for (int o = 0; o < y.length; o++) {
            for (int c = 0; c < x.length; c++) {
                for (int n = 0; n < x[c].length; n++) {
                    y[o][n] += kernel.get((long) o * x.length + c) * x[c][n];
                }
            }
        }
        return y;
    }

    /** One channel of values, weighed by how the ReLUs of queries and keys agree. */
    private static double[] attend(double[][] qkv, int query, int key, double[] value) {
        double[] out = new double[value.length];
        for (int n = 0; n < out.length; n++) {
            double mass = 1e-15;
            for (int m = 0; m < out.length; m++) {
                double agreement = 0;
                for (int d = 0; d < HEAD; d++) {
                    agreement += Math.max(0, qkv[query + d][n]) * Math.max(0, qkv[key + d][m]);
                }
                mass += agreement;
                out[n] += agreement * value[m];
            }
            out[n] /= mass;
        }
        return out;
    }

    private static double normed(Weights weights, int channel, double value) {
        List<Double> norm = List.of("weight", "bias", "running_mean", "running_var").stream()
                .map(name -> weights.find("proj.norm." + name).orElseThrow().get(channel))
                .toList();
        return (value - norm.get(2)) / Math.sqrt(norm.get(3) + 1e-5) * norm.get(0) + norm.get(1);
    }

    /** The official code rewrites the epsilons after construction: B 1e-5, L 1e-7, SAM 1e-6. */
    @ParameterizedTest
    @EnumSource(Variant.class)
    void epsilonsAreTheRewrittenOnes(Variant variant) {
        assertEpsilons(
                EfficientVit.backbone(variant, Shape.of(1, 3, 64, 64)),
                variant.series() == Variant.Series.B ? 1e-5 : 1e-7);
    }

    @ParameterizedTest
    @EnumSource(Sam.class)
    void epsilonsOfSegmentAnythingAreTheRewrittenOnes(Sam sam) {
        assertEpsilons(ImageEncoder.graph(sam, Shape.of(1, 3, 64, 64), 8), 1e-6);
    }

    private static void assertEpsilons(Graph graph, double expected) {
        assertThat(graph.nodes())
                .filteredOn(node -> node.op() instanceof Norm.BatchNorm)
                .isNotEmpty()
                .allSatisfy(node ->
                        assertThat(((Norm.BatchNorm) node.op()).epsilon()).isEqualTo(expected));
    }
}
