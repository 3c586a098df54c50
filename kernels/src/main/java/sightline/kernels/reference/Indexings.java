package sightline.kernels.reference;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import sightline.kernels.engine.EngineException;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Indexing;

/** Gathers, their adjoint and top-k. */
final class Indexings {
    private Indexings() {}

    static List<Array> run(Indexing op, List<Array> in, List<Array> out) {
        Array x = in.getFirst();
        return switch (op) {
            case Indexing.Gather gather -> {
                int at = x.axis(gather.axis());
                int inner = x.span(at + 1, x.rank());
                int[] index = new int[out.getFirst().size];
                int picks = in.get(1).size;
                for (int i = 0; i < index.length; i++) {
                    int pick = index(in.get(1).wholes[i / inner % picks], x.shape[at]);
                    index[i] = (i / inner / picks * x.shape[at] + pick) * inner + i % inner;
                }
                yield List.of(x.take(index, 0, out.getFirst().shape));
            }
            case Indexing.GatherElements gatherElements -> {
                int at = x.axis(gatherElements.axis());
                int inner = x.span(at + 1, x.rank());
                int picks = in.get(1).shape[at];
                int[] index = new int[out.getFirst().size];
                for (int i = 0; i < index.length; i++) {
                    int pick = index(in.get(1).wholes[i], x.shape[at]);
                    index[i] = (i / inner / picks * x.shape[at] + pick) * inner + i % inner;
                }
                yield List.of(x.take(index, 0, out.getFirst().shape));
            }
            case Indexing.TopK topK -> topK(x, x.axis(topK.axis()), topK.count(), out);
        };
    }

    private static int index(long index, int length) {
        if (index < 0 || index >= length) {
            throw new EngineException("Index " + index + " is outside an axis of " + length);
        }
        return (int) index;
    }

    private static List<Array> topK(Array x, int axis, int count, List<Array> out) {
        int length = x.shape[axis];
        int inner = x.span(axis + 1, x.rank());
        for (int row = 0; row < x.size / length; row++) {
            int base = row / inner * length * inner + row % inner;
            int to = row / inner * count * inner + row % inner;
            // Subtracting from zero makes both zeros one.
            int[] order = IntStream.range(0, length)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer k) -> 0.0 - x.get(base + k * inner)))
                    .mapToInt(k -> k)
                    .limit(count)
                    .toArray();
            for (int k = 0; k < count; k++) {
                if (x.reals != null) {
                    out.get(0).reals[to + k * inner] = x.reals[base + order[k] * inner];
                } else {
                    out.get(0).wholes[to + k * inner] = x.wholes[base + order[k] * inner];
                }
                out.get(1).wholes[to + k * inner] = order[k];
            }
        }
        return out;
    }

    static Array scatterAdd(Adjoint.ScatterAdd op, List<Array> in, Array out) {
        Array indices = in.get(0);
        Array dy = in.get(1);
        int length = out.shape[op.axis()];
        int inner = out.span(op.axis() + 1, out.rank());
        for (int i = 0; i < dy.size; i++) {
            int pick = index(indices.wholes[i / inner % indices.size], length);
            out.reals[(i / inner / indices.size * length + pick) * inner + i % inner] += dy.reals[i];
        }
        return out;
    }
}
