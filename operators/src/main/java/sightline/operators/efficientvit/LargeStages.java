package sightline.operators.efficientvit;

import java.util.ArrayList;
import java.util.List;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Value;

/**
 * The large backbones, stage by stage: one downsampling block, then residual blocks of one kind. The L series has five
 * stages; EfficientViT-SAM's XL has six.
 *
 * @param stages from stride 2 on
 * @param headDim channels of an attention head
 */
public record LargeStages(List<Stage> stages, int headDim) {
    /** What a stage is made of, the larger kinds first. */
    public enum Kind {
        /** Two dense convolutions. */
        DENSE,
        /** Dense up, 1x1 down. */
        FUSED,
        /** 1x1 up, depthwise, 1x1 down. */
        INVERTED,
        /** Linear attention and an inverted bottleneck. */
        ATTENTION
    }

    /**
     * One stage.
     *
     * @param width channels
     * @param depth residual blocks after the downsampling one
     * @param kind of the residual blocks
     * @param expand of the residual blocks; the downsampling block expands four times as much
     * @param fewerNorms biases in the place of inner norms
     * @param scale kernel of the attention's aggregation
     */
    public record Stage(int width, int depth, Kind kind, int expand, boolean fewerNorms, int scale) {}

    static LargeStages of(Variant v) {
        return new LargeStages(
                List.of(
                        new Stage(v.width(0), v.depth(0), Kind.DENSE, 1, false, 5),
                        new Stage(v.width(1), v.depth(1), Kind.FUSED, 4, false, 5),
                        new Stage(v.width(2), v.depth(2), Kind.FUSED, 4, false, 5),
                        new Stage(v.width(3), v.depth(3), Kind.INVERTED, 4, true, 5),
                        new Stage(v.width(4), v.depth(4), Kind.ATTENTION, 6, true, 5)),
                v.headDim());
    }

    /** A backbone of official L size with its norms' epsilon set otherwise, as SAM does. */
    public static List<Value> write(GraphBuilder g, Value image, Variant variant, double epsilon) {
        return of(variant).write(g, image, epsilon);
    }

    /** With tanh GELU throughout. */
    public List<Value> write(GraphBuilder g, Value image, double epsilon) {
        return write(g, image, new Style(sightline.kernels.graph.Elementwise.Function.GELU_TANH, epsilon));
    }

    List<Value> write(GraphBuilder g, Value image, Style style) {
        List<Value> outputs = new ArrayList<>();
        Value x = image;
        for (int s = 0; s < stages.size(); s++) {
            Stage stage = stages.get(s);
            GraphBuilder ops = g.in("stages", s, "op_list");
            x = s == 0
                    ? style.active(ops.in(0), x, Conv.of(stage.width, 3).stride(2))
                    : shrink(ops.in(0), x, style, stage);
            for (int i = 1; i <= stage.depth; i++) {
                x = block(ops.in(i), x, style, stage);
            }
            outputs.add(x);
        }
        return outputs;
    }

    private static Value shrink(GraphBuilder g, Value x, Style style, Stage stage) {
        return stage.kind.compareTo(Kind.FUSED) <= 0
                ? Blocks.fused(g, x, style, stage.width, 2, 4 * stage.expand, stage.fewerNorms)
                : Blocks.inverted(g, x, style, stage.width, 2, 4 * stage.expand, stage.fewerNorms);
    }

    private Value block(GraphBuilder g, Value x, Style style, Stage stage) {
        return switch (stage.kind) {
            case DENSE -> g.add(x, Blocks.dense(g, x, style, 1));
            case FUSED -> g.add(x, Blocks.fused(g, x, style, stage.width, 1, stage.expand, stage.fewerNorms));
            case INVERTED -> g.add(x, Blocks.inverted(g, x, style, stage.width, 1, stage.expand, stage.fewerNorms));
            case ATTENTION -> Blocks.attention(g, x, style, LiteMla.of(headDim, stage.scale), stage.expand);
        };
    }
}
