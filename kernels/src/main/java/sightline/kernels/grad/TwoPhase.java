package sightline.kernels.grad;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Layout;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Value;

/**
 * A gradient graph cut in two where the loss stands: the forward half gives the network's outputs and whatever the
 * backward half will need ({@code saved/N}); the backward half takes those, the cotangents, and gives the gradients.
 * Sources, reshapes and the unpacking of {@link Fp8Activations} are repeated on the far side rather than carried across.
 *
 * <p>The cut is where saved activations can be counted and stored in fewer bits.
 *
 * @param forward the network, its outputs and the saved values
 * @param backward from saved values and cotangents to gradients
 * @param saved names of the values that cross, outputs of one half and inputs of the other
 */
public record TwoPhase(Graph forward, Graph backward, List<String> saved) {
    /** Prefix of values that cross. */
    public static final String SAVED = "saved/";

    /** Cuts what {@link Gradients} wrote. */
    public static TwoPhase of(Graph joint) {
        return new Cut(joint).cut();
    }

    /** Bytes that live from one half to the other. */
    public long savedBytes() {
        return Graph.bytes(saved.stream().map(forward::output).toList());
    }

    private static final class Cut {
        private final Graph joint;
        private final Set<Node> later = new HashSet<>();
        private final GraphBuilder forward;
        private final GraphBuilder backward;
        private final Map<Value, Value> before = new HashMap<>();
        private final Map<Value, Value> after = new HashMap<>();
        private final Map<String, Value> crossing = new LinkedHashMap<>();

        Cut(Graph joint) {
            this.joint = joint;
            forward = GraphBuilder.named(joint.name());
            backward = GraphBuilder.named(joint.name() + " backward");
        }

        TwoPhase cut() {
            for (Node node : joint.nodes()) {
                boolean seed =
                        node.op() instanceof Source.Input input && input.name().startsWith(Gradients.COTANGENT);
                if (seed || node.inputs().stream().anyMatch(v -> later.contains(v.node()))) {
                    later.add(node);
                }
            }
            for (Node node : joint.nodes()) {
                boolean isLater = later.contains(node);
                copy(node, isLater ? backward : forward, isLater);
            }
            joint.outputs().forEach((name, value) -> {
                if (later.contains(value.node())) {
                    backward.output(name, after.get(value));
                } else if (!name.startsWith(Gradients.GRADIENT)) {
                    forward.output(name, before.get(value));
                } else {
                    backward.output(name, across(value));
                }
            });
            crossing.forEach(forward::output);
            return new TwoPhase(forward.build(), backward.build(), List.copyOf(crossing.keySet()));
        }

        private void copy(Node node, GraphBuilder into, boolean isLater) {
            List<Value> operands = new ArrayList<>();
            for (Value input : node.inputs()) {
                operands.add(isLater ? across(input) : before.get(input));
            }
            List<Value> made = into.apply(node.op(), operands);
            for (int i = 0; i < made.size(); i++) {
                (isLater ? after : before).put(node.outputs().get(i), made.get(i));
            }
        }

        /** The value as the backward half knows it. */
        private Value across(Value value) {
            Value known = after.get(value);
            if (known != null) {
                return known;
            }
            Node node = value.node();
            Value made;
            if (node.op() instanceof Source) {
                made = backward.single(node.op());
            } else if (node.op() instanceof Layout.Reshape) {
                made = backward.single(node.op(), across(node.input(0)));
            } else if (Fp8Activations.repeats(node)) {
                List<Value> operands = new ArrayList<>();
                node.inputs().forEach(v -> operands.add(across(v)));
                made = backward.apply(node.op(), operands).getFirst();
            } else {
                String name = SAVED + crossing.size();
                crossing.put(name, before.get(value));
                made = backward.input(name, value.dtype(), value.shape());
            }
            after.put(value, made);
            return made;
        }
    }
}
