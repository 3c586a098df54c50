package sightline.operators.efficientvit;

import java.util.ArrayList;
import java.util.List;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Value;

/** The five stages. Writes into the scope that it is given, {@code backbone} in every official checkpoint. */
public final class Backbone {
    private Backbone() {}

    /**
     * @param g scope of the backbone
     * @param image N x 3 x H x W, normalised
     * @return stage 0..4, at strides 2, 4, 8, 16 and 32
     */
    public static List<Value> write(GraphBuilder g, Value image, Variant variant) {
        return variant.series() == Variant.Series.B ? seriesB(g, image, variant) : seriesL(g, image, variant);
    }

    private static List<Value> seriesB(GraphBuilder g, Value image, Variant variant) {
        Style style = Style.of(variant);
        GraphBuilder stem = g.in("input_stem", "op_list");
        Value x = style.active(stem.in(0), image, Conv.of(variant.width(0), 3).stride(2));
        for (int i = 1; i <= variant.depth(0); i++) {
            x = g.add(x, Blocks.separable(stem.in(i), x, style, variant.width(0)));
        }
        List<Value> stages = new ArrayList<>(List.of(x));
        for (int s = 1; s < 5; s++) {
            GraphBuilder stage = g.in("stages", s - 1, "op_list");
            int width = variant.width(s);
            boolean attends = s >= 3;
            x = Blocks.inverted(stage.in(0), x, style, width, 2, 4, attends);
            int blocks = attends ? variant.depth(s) : variant.depth(s) - 1;
            for (int i = 1; i <= blocks; i++) {
                x = attends
                        ? Blocks.attention(stage.in(i), x, style, LiteMla.of(variant.headDim(), 5), 4)
                        : g.add(x, Blocks.inverted(stage.in(i), x, style, width, 1, 4, false));
            }
            stages.add(x);
        }
        return stages;
    }

    private static List<Value> seriesL(GraphBuilder g, Value image, Variant variant) {
        return LargeStages.of(variant).write(g, image, Style.of(variant));
    }
}
