package sightline.kernels.reference;

import java.util.ArrayList;
import java.util.List;
import sightline.kernels.engine.Communicator;
import sightline.kernels.graph.Node;
import sightline.kernels.tensor.Tensor;

/**
 * Single nodes run by the reference loops on behalf of another engine: random numbers, collectives and whatever that
 * engine lacks. Float32. Not thread-safe.
 */
public final class HostNodes {
    private final Evaluator evaluator;

    public HostNodes(Communicator communicator) {
        this.evaluator = new Evaluator(new Statefuls(communicator), true);
    }

    /** Runs a node that is neither an input, a parameter nor session state, and writes its results in place. */
    public void run(Node node, List<Tensor> inputs, List<Tensor> outputs) {
        List<Array> operands = new ArrayList<>();
        inputs.forEach(tensor -> operands.add(Array.copyOf(tensor)));
        List<Array> results = evaluator.run(node, operands);
        for (int i = 0; i < outputs.size(); i++) {
            results.get(i).copyTo(outputs.get(i));
        }
    }
}
