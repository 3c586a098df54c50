package sightline.kernels.bench;

import java.util.Map;
import java.util.SplittableRandom;
import sightline.kernels.graph.Graph;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;

/** {@code EngineBench [seconds]}: the ONNX engine against a bare session on sample networks, one and two threads. */
public final class EngineBench {
    private EngineBench() {}

    public static void main(String[] arguments) {
        double seconds = arguments.length > 0 ? Double.parseDouble(arguments[0]) : 5;
        System.out.println(EngineComparison.Row.head());
        for (long[] size : new long[][] {{256, 256}, {416, 416}, {512, 1024}}) {
            Graph graph = SampleNetworks.mobile(1, size[0], size[1]);
            Weights weights = RandomWeights.of(graph, 1);
            Tensor image = Tensor.allocate(DType.F32, 1, 3, size[0], size[1]);
            SplittableRandom random = new SplittableRandom(1);
            for (long i = 0; i < image.size(); i++) {
                image.set(i, random.nextGaussian());
            }
            for (int threads : new int[] {1, 2}) {
                System.out.println(EngineComparison.measure(graph, weights, Map.of("image", image), threads, seconds));
            }
        }
    }
}
