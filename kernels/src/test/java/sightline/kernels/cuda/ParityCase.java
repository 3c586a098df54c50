package sightline.kernels.cuda;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.reference.ReferenceEngine;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;

/** A graph that must come out the same on two engines, on inputs drawn from a seed. */
record ParityCase(String name, Graph graph) {
    static ParityCase of(String name, Consumer<GraphBuilder> body) {
        GraphBuilder builder = GraphBuilder.named(name);
        body.accept(builder);
        return new ParityCase(name, builder.build());
    }

    /** Fresh inputs: normal reals, small integers that are valid indices, random truth. */
    Map<String, Tensor> inputs(long seed) {
        Map<String, Tensor> inputs = new HashMap<>();
        graph.inputs().forEach((name, value) -> {
            SplittableRandom random = new SplittableRandom(seed * 31 + name.hashCode());
            Tensor tensor = Tensor.allocate(value.dtype(), value.shape().toArray());
            for (long i = 0; i < tensor.size(); i++) {
                if (value.dtype().isReal()) {
                    tensor.set(i, random.nextGaussian());
                } else {
                    tensor.setLong(i, value.dtype() == DType.BOOL ? random.nextInt(2) : random.nextInt(4));
                }
            }
            inputs.put(name, tensor);
        });
        return inputs;
    }

    /** The worst relative L2 error over all outputs of two runs, each on its own inputs. Integers must be equal. */
    double error(Engine engine) {
        return errors(List.of(engine)).get(engine.name());
    }

    /** The same of several engines, by their names. */
    Map<String, Double> errors(List<? extends Engine> engines) {
        Weights weights = RandomWeights.of(graph, 5);
        List<Map<String, Tensor>> inputs = List.of(inputs(1), inputs(2));
        // The reference makes new tensors for every run.
        List<Map<String, Tensor>> wanted;
        try (Session exact =
                new ReferenceEngine().compile(graph, weights, CompileOptions.DEFAULT.withPrecision(DType.F64))) {
            wanted = inputs.stream().map(exact::run).toList();
        }
        Map<String, Double> errors = new LinkedHashMap<>();
        for (Engine engine : engines) {
            try (Session tested = engine.compile(graph, weights, CompileOptions.DEFAULT)) {
                for (int i = 0; i < inputs.size(); i++) {
                    errors.merge(engine.name(), worst(wanted.get(i), tested.run(inputs.get(i))), Math::max);
                }
            }
        }
        return errors;
    }

    private static double worst(Map<String, Tensor> wanted, Map<String, Tensor> got) {
        double worst = 0;
        for (String output : wanted.keySet()) {
            worst = Math.max(worst, difference(output, wanted.get(output), got.get(output)));
        }
        return worst;
    }

    private static double difference(String name, Tensor wanted, Tensor got) {
        double square = 0;
        double norm = 0;
        for (long i = 0; i < wanted.size(); i++) {
            if (!wanted.dtype().isReal()) {
                if (wanted.getLong(i) != got.getLong(i)) {
                    throw new AssertionError(name + "[" + i + "] is " + got.getLong(i) + ", not " + wanted.getLong(i));
                }
                continue;
            }
            double want = wanted.get(i);
            double have = got.get(i);
            if (Double.isNaN(want) != Double.isNaN(have)) {
                throw new AssertionError(name + "[" + i + "] is " + have + ", not " + want);
            }
            if (want == have || Double.isNaN(want)) {
                norm += Double.isFinite(want) ? want * want : 0;
                continue;
            }
            square += (want - have) * (want - have);
            norm += want * want;
        }
        double error = Math.sqrt(square / Math.max(norm, 1e-30));
        return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    }

    @Override
    public String toString() {
        return name;
    }
}
