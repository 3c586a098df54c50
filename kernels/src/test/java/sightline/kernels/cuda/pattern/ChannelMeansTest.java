package sightline.kernels.cuda.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Elementwise.Function;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Norm;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Spatial.Mode;
import sightline.kernels.graph.Value;
import sightline.kernels.reference.ReferenceEngine;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;

/** Means told from weights beside those that the reference engine measures on noise. */
class ChannelMeansTest {
    private static final int BATCH = 4;

    private static Graph network() {
        GraphBuilder g = GraphBuilder.named("means");
        Value x = layer(
                g.in("stem"),
                g.input("x", Shape.of(BATCH, 3, 48, 48)),
                Conv.of(16, 3).stride(2));
        x = g.unary(Function.HARD_SWISH, x);
        Value y = g.unary(Function.RELU6, layer(g.in("depth"), x, Conv.depthwise(16, 5)));
        x = g.add(x, layer(g.in("point"), y, Conv.of(16, 1)));
        y = g.unary(Function.GELU_TANH, layer(g.in("dense"), x, Conv.of(24, 3)));
        g.output("y", layer(g.in("last"), g.upsample(y, Mode.BILINEAR, 2), Conv.of(32, 1)));
        return g.build();
    }

    private static Value layer(GraphBuilder g, Value x, Conv conv) {
        return g.in("norm").batchNorm(g.in("conv").conv2d(x, conv), 1e-5);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void withNormsThatKnowNothingMeansComeFromTheWeights(long seed) {
        Graph graph = network();
        Weights weights = RandomWeights.of(graph, seed, Arena.ofAuto(), 1);
        double[] told = told(graph, weights);
        double[] measured = moments(graph, weights, graph.output("y"))[0];
        assertThat(distance(told, measured)).isLessThan(0.2 * distance(new double[told.length], measured));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void normsThatKnowTheirNetworkAreBelieved(long seed) {
        Graph graph = network();
        Map<String, Tensor> tensors = new HashMap<>();
        Weights drawn = RandomWeights.of(graph, seed, Arena.ofAuto(), 1);
        graph.parameters()
                .keySet()
                .forEach(name -> tensors.put(name, drawn.find(name).orElseThrow()));
        // Calibrated from the first norm to the last, as training does it.
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Norm.BatchNorm) {
                double[][] moments = moments(graph, Weights.of(tensors), node.input(0));
                for (int i = 0; i < 2; i++) {
                    Tensor statistic = Tensor.allocate(DType.F32, moments[i].length);
                    for (int c = 0; c < moments[i].length; c++) {
                        statistic.set(c, moments[i][c]);
                    }
                    String name = node.scope() + (i == 0 ? ".running_mean" : ".running_var");
                    assertThat(tensors.put(name, statistic)).isNotNull();
                }
            }
        }
        float[] shift = tensors.get("last.norm.bias").toFloats();
        double[] told = told(graph, Weights.of(tensors));
        for (int c = 0; c < told.length; c++) {
            assertThat(told[c]).isEqualTo(shift[c]);
        }
    }

    private static double[] told(Graph graph, Weights weights) {
        Folding folding = new Folding(graph, name -> weights.find(name).orElseThrow());
        return ChannelMeans.of(graph, folding, Map.of()).of(graph.output("y"));
    }

    /** Means and variances of a value's channels. */
    private static double[][] moments(Graph graph, Weights weights, Value value) {
        GraphBuilder g = GraphBuilder.extending(graph);
        g.output("value", value);
        Tensor noise = Tensor.allocate(DType.F32, BATCH, 3, 48, 48);
        SplittableRandom random = new SplittableRandom(17);
        for (long i = 0; i < noise.size(); i++) {
            noise.set(i, random.nextGaussian());
        }
        try (Session session = new ReferenceEngine().compile(g.build(), weights)) {
            Tensor x = session.run(Map.of("x", noise)).get("value");
            int channels = Math.toIntExact(x.dim(1));
            long area = x.dim(2) * x.dim(3);
            double[] sum = new double[channels];
            double[] square = new double[channels];
            for (long i = 0; i < x.size(); i++) {
                int c = (int) (i / area % channels);
                sum[c] += x.get(i) / (BATCH * area);
                square[c] += x.get(i) * x.get(i) / (BATCH * area);
            }
            for (int c = 0; c < channels; c++) {
                square[c] -= sum[c] * sum[c];
            }
            return new double[][] {sum, square};
        }
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(sum);
    }
}
