package sightline.kernels.lowering;

import java.util.List;
import java.util.function.Predicate;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Attention;
import sightline.kernels.graph.Elementwise.Function;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Value;

/** Attention and its gradients written with products of heads that are cut out of the rows first. */
public final class Attentions {
    private Attentions() {}

    /** The graph, with those attentions, and gradients of such, written out that the choice holds for. */
    public static Graph written(Graph graph, Predicate<Node> which) {
        Predicate<Node> chosen = node ->
                (node.op() instanceof Attention || node.op() instanceof Adjoint.AttentionInputs) && which.test(node);
        return graph.nodes().stream().noneMatch(chosen)
                ? graph
                : graph.rewrite((node, in, g) -> chosen.test(node) ? write(node, in, g) : g.apply(node.op(), in));
    }

    private static List<Value> write(Node node, List<Value> in, GraphBuilder g) {
        if (node.op() instanceof Adjoint.AttentionInputs inputs) {
            List<Value> given = in.subList(0, in.size() - 1);
            return switch (inputs.attention()) {
                case Attention.Softmax op -> Softmax.of(op, given, g).gradients(in.getLast());
                case Attention.Relu op -> Relu.of(op, given.getFirst(), g).gradients(in.getLast());
            };
        }
        return switch ((Attention) node.op()) {
            case Attention.Softmax op -> List.of(Softmax.of(op, in, g).output());
            case Attention.Relu op -> List.of(Relu.of(op, in.getFirst(), g).output());
        };
    }

    /** Rows of tokens to heads of rows. */
    private static Value heads(GraphBuilder g, Value x, int heads) {
        Value apart = g.reshape(x, x.size(0), x.size(1), heads, x.size(2) / heads);
        return g.permute(apart, 0, 2, 1, 3);
    }

    private static Value rows(GraphBuilder g, Value x) {
        return g.reshape(g.permute(x, 0, 2, 1, 3), x.size(0), x.size(2), x.size(1) * x.size(3));
    }

    private record Softmax(GraphBuilder g, double scale, Value q, Value k, Value v, Value shares) {
        static Softmax of(Attention.Softmax op, List<Value> in, GraphBuilder g) {
            Value q = heads(g, in.get(0), op.heads());
            List<Value> kv = g.chunk(in.get(1), 2, 2);
            Value k = heads(g, kv.get(0), op.heads());
            double scale = 1 / Math.sqrt((double) q.size(3));
            Value scores = g.mul(g.matmul(q, false, k, true), scale);
            Value shares;
            if (in.size() > 2) {
                Value mask = in.get(2);
                shares = g.softmax(scores, g.reshape(mask, mask.size(0), 1, 1, mask.size(1)), 3);
            } else {
                shares = g.softmax(scores, 3);
            }
            return new Softmax(g, scale, q, k, heads(g, kv.get(1), op.heads()), shares);
        }

        Value output() {
            return rows(g, g.matmul(shares, v));
        }

        List<Value> gradients(Value given) {
            Value dy = heads(g, given, Math.toIntExact(q.size(1)));
            Value weighted = g.mul(g.matmul(dy, false, v, true), shares);
            Value slope = g.mul(g.sub(weighted, g.mul(shares, g.sum(weighted, 3))), scale);
            Value dk = rows(g, g.matmul(slope, true, q, false));
            Value dv = rows(g, g.matmul(shares, true, dy, false));
            return List.of(rows(g, g.matmul(slope, k)), g.concat(2, dk, dv));
        }
    }

    private record Relu(GraphBuilder g, Value q, Value k, Value v, Value state, Value mass, Value sum, Value weight) {
        static Relu of(Attention.Relu op, Value qkv, GraphBuilder g) {
            List<Value> parts = g.chunk(qkv, 2, 3);
            Value q = g.relu(heads(g, parts.get(0), op.heads()));
            Value k = g.relu(heads(g, parts.get(1), op.heads()));
            Value v = heads(g, parts.get(2), op.heads());
            Value state = g.matmul(k, true, v, false);
            Value mass = g.sum(k, 2);
            Value weight = g.add(g.matmul(q, false, mass, true), op.epsilon());
            return new Relu(g, q, k, v, state, mass, g.matmul(q, state), weight);
        }

        Value output() {
            return rows(g, g.div(sum, weight));
        }

        List<Value> gradients(Value given) {
            Value dy = g.div(heads(g, given, Math.toIntExact(q.size(1))), weight);
            Value down = g.neg(g.div(g.sum(g.mul(dy, sum), 3), weight));
            Value dq = g.add(g.matmul(dy, false, state, true), g.mul(down, mass));
            Value slope = g.matmul(q, true, dy, false);
            Value dk = g.add(g.matmul(v, false, slope, true), g.sum(g.mul(q, down), 2));
            Value dv = g.matmul(k, slope);
            return List.of(g.concat(2, rows(g, open(dq, q)), rows(g, open(dk, k)), rows(g, dv)));
        }

        /** What of a gradient comes through the clamp. */
        private Value open(Value dy, Value y) {
            return g.single(new Adjoint.ActivationInput(Function.RELU), dy, y);
        }
    }
}
