package sightline.kernels.cuda.single;

import java.util.List;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Indexing;
import sightline.kernels.graph.Node;

/** Gathers, their adjoint, and the largest of a row. */
final class Indexing32 {
    private final Emitter emitter;

    Indexing32(Emitter emitter) {
        this.emitter = emitter;
    }

    List<Array32> lower(Indexing op, List<Array32> in, Node node) {
        Array32 x = in.getFirst();
        int[] shape = Lowering32.shape(node.output());
        return switch (op) {
            case Indexing.Gather gather -> {
                int axis = node.input(0).shape().axis(gather.axis());
                Array32 out = emitter.array(x.whole(), shape);
                emit(
                        x,
                        in.get(1),
                        out,
                        x.outer(axis),
                        x.dim(axis),
                        x.inner(axis),
                        in.get(1).size(),
                        0,
                        "gather");
                yield List.of(out);
            }
            case Indexing.GatherElements gather -> {
                int axis = node.input(0).shape().axis(gather.axis());
                Array32 out = emitter.array(x.whole(), shape);
                emit(x, in.get(1), out, x.outer(axis), x.dim(axis), x.inner(axis), out.dim(axis), 1, "gather");
                yield List.of(out);
            }
            case Indexing.TopK top -> {
                int axis = node.input(0).shape().axis(top.axis());
                Array32 values = emitter.array(x.whole(), shape);
                Array32 indices = emitter.array(true, shape);
                int rows = x.outer(axis) * x.inner(axis);
                Params params = new Params()
                        .slot(x.slot())
                        .slot(values.slot())
                        .slot(indices.slot())
                        .int32(rows, x.inner(axis), x.dim(axis), top.count(), x.whole() ? 1 : 0);
                emitter.grid("indexing", "top_k", Grid.of(rows), 256, 0, params, x.size(), 4.0 * x.size());
                yield List.of(values, indices);
            }
        };
    }

    Array32 scatterAdd(Adjoint.ScatterAdd op, List<Array32> in, Node node) {
        Array32 index = in.get(0);
        Array32 dy = in.get(1);
        Array32 out = emitter.array(false, Lowering32.shape(node.output()));
        int axis = op.axis();
        emit(dy, index, out, out.outer(axis), out.dim(axis), out.inner(axis), index.size(), 0, "scatter_add");
        return out;
    }

    private void emit(
            Array32 data,
            Array32 index,
            Array32 out,
            int outer,
            int axis,
            int inner,
            int picks,
            int elementwise,
            String kernel) {
        Params params = new Params()
                .slot(data.slot())
                .slot(index.slot())
                .slot(out.slot())
                .slot(emitter.fault())
                .int32(outer, axis, inner, picks, elementwise);
        emitter.each("indexing", kernel, out.size(), params, 0, 8.0 * out.size());
    }
}
