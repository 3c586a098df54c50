package sightline.kernels.weights;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;

/** Whether weights fit a graph; everything that does not is said at once. */
public final class WeightCheck {
    private static final int LISTED = 40;
    /** Frameworks count batches for their own use; files converted from elsewhere lack the counters. */
    private static final String COUNTER = "num_batches_tracked";

    private WeightCheck() {}

    /**
     * Throws a {@link WeightsException} that lists missing, misshapen, wrongly typed and, if asked, superfluous and
     * non-finite parameters. Batch counters may be absent.
     */
    public static void verify(Graph graph, Weights weights, boolean strict, boolean finite) {
        List<String> faults = new ArrayList<>();
        graph.parameters().forEach((name, parameter) -> {
            Optional<Tensor> tensor = weights.find(name);
            if (tensor.isEmpty()) {
                if (!name.endsWith(COUNTER)) {
                    faults.add("missing: " + name + " " + parameter.type());
                }
            } else {
                compare(name, parameter, tensor.get(), finite, faults);
            }
        });
        if (strict) {
            weights.names().stream()
                    .filter(name -> !graph.parameters().containsKey(name))
                    .forEach(name -> faults.add("superfluous: " + name));
        }
        if (!faults.isEmpty()) {
            throw new WeightsException("The weights do not fit " + graph.name() + ", " + faults.size() + " faults:\n  "
                    + String.join("\n  ", faults.subList(0, Math.min(LISTED, faults.size())))
                    + (faults.size() > LISTED ? "\n  and " + (faults.size() - LISTED) + " more" : ""));
        }
    }

    private static void compare(String name, Value parameter, Tensor tensor, boolean finite, List<String> faults) {
        if (!Arrays.equals(parameter.shape().toArray(), tensor.shape())) {
            faults.add("misshapen: " + name + " is " + Arrays.toString(tensor.shape()) + ", the graph says "
                    + parameter.shape());
        } else if (parameter.dtype().isReal() != tensor.dtype().isReal()) {
            faults.add("wrong type: " + name + " is " + tensor.dtype() + ", the graph says " + parameter.dtype());
        } else if (finite && tensor.dtype().isReal() && !isFinite(tensor)) {
            faults.add("not finite: " + name);
        }
    }

    private static boolean isFinite(Tensor tensor) {
        if (tensor.dtype() == DType.F32) {
            boolean finite = true;
            for (long i = 0; i < tensor.size(); i++) {
                // A NaN compares false; without an early exit the loop vectorises.
                finite &= Math.abs(tensor.data().getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i)) <= Float.MAX_VALUE;
            }
            return finite;
        }
        for (long i = 0; i < tensor.size(); i++) {
            if (!Double.isFinite(tensor.get(i))) {
                return false;
            }
        }
        return true;
    }
}
