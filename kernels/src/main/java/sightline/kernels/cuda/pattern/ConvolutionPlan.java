package sightline.kernels.cuda.pattern;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Value;

/**
 * A convolution with everything that its epilogue takes over.
 *
 * @param result the value that the fused kernel makes
 * @param covered nodes that it replaces besides the convolution itself
 * @param scale folded into the filters, null for none
 * @param shift the bias, convolution's own included, null for none
 * @param activation the kernels' code
 * @param residual added, null for none
 * @param residualFirst whether the sum comes before the activation
 */
public record ConvolutionPlan(
        Value result,
        List<Node> covered,
        float[] scale,
        float[] shift,
        int activation,
        Value residual,
        boolean residualFirst) {

    /**
     * Follows the chain of only uses behind a convolution: scale, activation, sum; or sum, scale, activation.
     *
     * @param ready whether an addend can be read when the convolution runs
     */
    public static ConvolutionPlan of(Node convolution, Folding folding, Predicate<Value> ready) {
        Value at = convolution.output();
        List<Node> covered = new ArrayList<>();
        float[] shift = convolution.inputs().size() > 2 ? folding.vector(convolution.input(2)) : null;
        float[] scale = null;
        Node next = folding.onlyUse(at);
        Value other = Folding.otherAddend(next, at);
        if (other != null) {
            // A sum of two convolutions under one norm: the norm's scale goes into both, its shift into the later.
            Node norm = folding.onlyUse(next.output());
            Folding.Affine affine = norm == null ? null : folding.affine(norm);
            if (affine != null && folding.scalable(other, next) && folding.scalable(at, next)) {
                shift = scaled(shift, affine.scale());
                if (!ready.test(other)) {
                    return new ConvolutionPlan(at, covered, affine.scale(), shift, 0, null, false);
                }
                shift = plus(shift, affine.shift());
                covered.add(next);
                covered.add(norm);
                Value result = norm.output();
                Node activation = folding.onlyUse(result);
                int code = Folding.activation(activation);
                if (code > 0) {
                    covered.add(activation);
                    result = activation.output();
                }
                return new ConvolutionPlan(result, covered, affine.scale(), shift, Math.max(code, 0), other, true);
            }
        }
        Folding.Affine affine = next == null ? null : folding.affine(next);
        if (affine != null) {
            scale = affine.scale();
            shift = plus(scaled(shift, scale), affine.shift());
            covered.add(next);
            at = next.output();
            next = folding.onlyUse(at);
        }
        int code = Folding.activation(next);
        if (code > 0) {
            covered.add(next);
            at = next.output();
            next = folding.onlyUse(at);
        }
        other = Folding.otherAddend(next, at);
        if (other == null || !ready.test(other)) {
            return new ConvolutionPlan(at, covered, scale, shift, Math.max(code, 0), null, false);
        }
        covered.add(next);
        at = next.output();
        Node last = code > 0 ? null : folding.onlyUse(at);
        int lastCode = Folding.activation(last);
        if (lastCode > 0) {
            covered.add(last);
            return new ConvolutionPlan(last.output(), covered, scale, shift, lastCode, other, true);
        }
        return new ConvolutionPlan(at, covered, scale, shift, Math.max(code, 0), other, false);
    }

    private static float[] scaled(float[] v, float[] by) {
        if (v == null) {
            return null;
        }
        float[] out = new float[v.length];
        for (int i = 0; i < v.length; i++) {
            out[i] = v[i] * by[i];
        }
        return out;
    }

    private static float[] plus(float[] a, float[] b) {
        if (a == null) {
            return b;
        }
        float[] out = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            out[i] = a[i] + b[i];
        }
        return out;
    }
}
