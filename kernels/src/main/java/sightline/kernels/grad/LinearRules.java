package sightline.kernels.grad;

import java.util.ArrayList;
import java.util.List;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Attention;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Linear;
import sightline.kernels.graph.Value;

/** Gradients of matrix products, softmax and attention. */
final class LinearRules {
    private LinearRules() {}

    static void pull(Rules r, Linear op, Value dy) {
        GraphBuilder g = r.g;
        switch (op) {
            case Linear.MatMul product -> {
                boolean ta = product.transposeA();
                boolean tb = product.transposeB();
                Value a = r.input(0);
                Value b = r.input(1);
                r.give(0, ta ? g.matmul(b, tb, dy, true) : g.matmul(dy, false, b, !tb));
                r.give(1, tb ? g.matmul(dy, true, a, ta) : g.matmul(a, !ta, dy, false));
            }
            case Linear.Softmax softmax -> {
                Value y = r.output();
                Value weighted = g.mul(dy, y);
                r.give(0, g.sub(weighted, g.mul(y, g.sum(weighted, softmax.axis()))));
            }
        }
    }

    static void pull(Rules r, Attention op, Value dy) {
        List<Value> operands = new ArrayList<>(r.node.inputs());
        operands.add(dy);
        List<Value> gradients = r.g.apply(new Adjoint.AttentionInputs(op), operands);
        for (int i = 0; i < gradients.size(); i++) {
            r.give(i, gradients.get(i));
        }
    }
}
