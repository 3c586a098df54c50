package sightline.kernels.graph;

import java.util.List;
import sightline.kernels.tensor.DType;

/**
 * Attention over rows of tokens whose channels hold heads one after another, as linear layers make and take them: no head
 * is ever moved to a place of its own.
 */
public sealed interface Attention extends Op {
    /** Heads that share the channels evenly. */
    int heads();

    /**
     * Softmax attention (Vaswani et al. 2017) of width C to a text, or to whatever else: {@code softmax(q k' / sqrt(C / heads))
     * v} for each head. Inputs: q [N, T, C]; keys, then values [N, S, 2C]; and optionally a BOOL mask [N, S]: rows of the text
     * where it is false are not seen, and where all are false the result is 0.
     */
    record Softmax(int heads) implements Attention {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 2, 3);
            TensorType q = inputs.get(0);
            TensorType kv = inputs.get(1);
            Infer.rank(this, q, 3);
            Infer.rank(this, kv, 3);
            Infer.real(this, q);
            Infer.same(this, q, kv);
            Infer.equal(this, "batch", q.shape().dim(0), kv.shape().dim(0));
            Infer.equal(this, "width", q.shape().dim(2).times(2), kv.shape().dim(2));
            whole(this, q.shape().dim(2));
            if (inputs.size() > 2) {
                Shape mask = inputs.get(2).shape();
                Infer.dtype(this, inputs.get(2), DType.BOOL);
                Infer.rank(this, inputs.get(2), 2);
                Infer.equal(this, "batch", mask.dim(0), q.shape().dim(0));
                Infer.equal(this, "length", mask.dim(1), kv.shape().dim(1));
            }
            return List.of(q);
        }

        /** Two products of every token with every row of the text. */
        @Override
        public long macs(List<TensorType> inputs) {
            return 2 * inputs.get(0).shape().elements() * inputs.get(1).shape().size(1);
        }
    }

    /**
     * Linear attention under ReLU (Katharopoulos et al. 2020, as EfficientViT and Sana have it): with q and k clamped at 0, the
     * sums over all tokens of {@code v k'} and of {@code k} are applied to each q, {@code (sum v k') q / ((sum k)' q + epsilon)}
     * for each head. Input: q, then k, then v [N, T, 3C]. Output: [N, T, C].
     */
    record Relu(int heads, double epsilon) implements Attention {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 1, 1);
            TensorType qkv = inputs.getFirst();
            Infer.rank(this, qkv, 3);
            Infer.real(this, qkv);
            Dim width = qkv.shape().dim(2).over(3);
            Infer.equal(this, "three widths", width.times(3), qkv.shape().dim(2));
            whole(this, width);
            return List.of(qkv.with(qkv.shape().with(2, width)));
        }

        /** A state of a head's width squared, made and applied once a token. */
        @Override
        public long macs(List<TensorType> inputs) {
            long width = inputs.getFirst().shape().size(2) / 3;
            return 2 * inputs.getFirst().shape().elements() / 3 * (width / heads);
        }
    }

    private static void whole(Attention op, Dim width) {
        boolean even = !(width instanceof Dim.Fixed) || width.length() % op.heads() == 0;
        GraphException.require(even, "%s: %s channels are not as many for each head", op, width);
    }
}
