package sightline.kernels.engine;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;

/** Checks of what callers hand to a session, worded once for all engines. */
public final class Ports {
    private Ports() {}

    /**
     * Every declared port must be given, with its shape and type.
     *
     * @param anyReal whether any floating type will do where the port is floating
     */
    public static void inputs(Map<String, Value> ports, Map<String, Tensor> given, boolean anyReal) {
        unknown("input", ports.keySet(), given.keySet());
        ports.forEach((name, port) -> {
            Tensor tensor = given.get(name);
            if (tensor == null) {
                throw new IllegalArgumentException("Input " + name + " " + port.type() + " is missing");
            }
            fits("Input", name, port, tensor, anyReal);
        });
    }

    /** Every given tensor must be a port, with its shape and type. */
    public static void outputs(Map<String, Value> ports, Map<String, Tensor> given, boolean anyReal) {
        unknown("output", ports.keySet(), given.keySet());
        given.forEach((name, tensor) -> fits("Output", name, ports.get(name), tensor, anyReal));
    }

    private static void unknown(String kind, Set<String> ports, Set<String> given) {
        for (String name : given) {
            if (!ports.contains(name)) {
                throw new IllegalArgumentException("There is no " + kind + " " + name + ", only " + ports);
            }
        }
    }

    private static void fits(String kind, String name, Value port, Tensor tensor, boolean anyReal) {
        DType wanted = port.dtype();
        boolean type = tensor.dtype() == wanted
                || (anyReal && wanted.isReal() && tensor.dtype().isReal());
        if (!type || !Arrays.equals(port.shape().toArray(), tensor.shape())) {
            throw new IllegalArgumentException(kind + " " + name + " must be " + port.type() + ", not " + tensor);
        }
    }
}
