package sightline.operators.efficientvit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sightline.config.domain.Box;
import sightline.config.domain.Detection;
import sightline.config.domain.ObjectClass;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.reference.ReferenceEngine;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.vision.Placement;
import sightline.kernels.weights.Weights;

/** Boxes worked out by hand: an input of 64 x 64, a picture of 128 x 96. */
class BoxDecoderTest {
    private static final int SIDE = 64;

    private final BoxDecoder decoder = new BoxDecoder(0.5, 0.6, 3);
    private final Graph graph;
    private final Map<String, Tensor> maps = new HashMap<>();

    BoxDecoderTest() {
        GraphBuilder g = GraphBuilder.named("maps");
        List<Value> all = new ArrayList<>();
        for (int stride : DetectionHead.STRIDES) {
            int cells = SIDE / stride;
            all.add(g.input("logits" + stride, Shape.of(2, ObjectClass.values().length, cells, cells)));
            all.add(g.input("distances" + stride, Shape.of(2, 4, cells, cells)));
        }
        g.output(EfficientVit.BOXES, g.find(decoder.finding(), all));
        graph = g.build();
        graph.inputs().forEach((name, value) -> {
            Tensor map = Tensor.allocate(value.dtype(), value.shape().toArray());
            for (long i = 0; i < map.size(); i++) {
                map.set(i, name.startsWith("logits") ? -9 : 0);
            }
            maps.put(name, map);
        });
    }

    /** Says that a cell of a picture shows an object that reaches so many pixels to each side. */
    private void show(int picture, int stride, ObjectClass label, int column, int row, double logit, double reach) {
        int cells = SIDE / stride;
        int cell = row * cells + column;
        Tensor logits = maps.get("logits" + stride);
        logits.set(((long) picture * ObjectClass.values().length + label.ordinal()) * cells * cells + cell, logit);
        for (int side = 0; side < 4; side++) {
            maps.get("distances" + stride).set((picture * 4L + side) * cells * cells + cell, Math.log(reach / stride));
        }
    }

    private List<Detection> objects(int picture, Placement placement) {
        try (Session session = new ReferenceEngine().compile(graph, Weights.none())) {
            float[] rows = session.run(maps).get(EfficientVit.BOXES).toFloats();
            return decoder.decode(rows, picture, placement);
        }
    }

    private static void assertBox(Box box, double left, double top, double width, double height) {
        assertThat(new double[] {box.x(), box.y(), box.width(), box.height()})
                .containsExactly(new double[] {left, top, width, height}, within(1e-4));
    }

    @Test
    void theStrongerOfTwoLikeBoxesStaysAndAnotherClassDoesToo() {
        show(1, 16, ObjectClass.CAR, 1, 1, 1, 16);
        show(1, 8, ObjectClass.CAR, 2, 2, 2, 16);
        show(1, 8, ObjectClass.PERSON, 3, 2, 0.5, 8);
        List<Detection> objects = objects(1, Placement.stretch(SIDE, SIDE, SIDE, SIDE));
        assertThat(objects).extracting(Detection::label).containsExactly(ObjectClass.CAR, ObjectClass.PERSON);
        assertBox(objects.get(0).box(), 4, 4, 32, 32);
        assertBox(objects.get(1).box(), 20, 12, 16, 16);
        assertThat(objects.getFirst().score()).isCloseTo(1 / (1 + Math.exp(-2)), within(1e-6));
        assertThat(objects(0, Placement.stretch(SIDE, SIDE, SIDE, SIDE))).isEmpty();
    }

    @Test
    void boxesAreThoseOfThePictureAndEndAtItsEdge() {
        show(0, 32, ObjectClass.BUS, 0, 0, 3, 30);
        Placement half = Placement.fit(128, 96, SIDE, SIDE);
        assertBox(objects(0, half).getFirst().box(), 0, 0, 92, 92);
        show(0, 32, ObjectClass.BUS, 1, 1, 4, 30);
        assertBox(objects(0, half).getFirst().box(), 36, 36, 92, 60);
    }

    @Test
    void theStrongestCountWhereThereAreMoreThanWanted() {
        for (int column = 0; column < 8; column++) {
            show(0, 8, ObjectClass.PERSON, column, 4, column % 2 + 1, 3);
        }
        List<Detection> objects = objects(0, Placement.stretch(SIDE, SIDE, SIDE, SIDE));
        // Equal scores come in the order of cells.
        assertThat(objects).extracting(o -> Math.round(o.box().x() + 3)).containsExactly(12L, 28L, 44L);
    }
}
