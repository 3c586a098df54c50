package sightline.operators.oracle;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import sightline.config.domain.Skeleton;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Shape;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.reference.ReferenceEngine;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.Weights;
import sightline.operators.efficientvit.EfficientVit;
import sightline.operators.efficientvit.Segmenter.Labels;
import sightline.operators.efficientvit.Variant;
import sightline.operators.litepose.LitePose;
import sightline.operators.litepose.Size;
import sightline.operators.sam.ImageEncoder;
import sightline.operators.sam.MaskDecoder;
import sightline.operators.sam.Sam;

/**
 * Every variant against forwards that share nothing with our graphs: written in NumPy from the papers' tables by somebody
 * who had not seen them, run in float64 ({@code src/test/oracle}). Agreement to 1e-5 in relative L2. The detector's head is
 * our own design, so of it this is a second hand at the arithmetic only.
 */
class SecondOpinionTest {
    private static final int GRID = 8;
    private static final Shape IMAGE = Shape.of(1, 3, 96, 160);
    private static final float[] POINTS = {200.0f, 300.5f, 700.25f, 90.0f};
    private static final float[] BOX = {100.5f, 220.0f, 840.0f, 700.75f};

    private static Goldens goldens;

    @BeforeAll
    static void open() {
        goldens = Goldens.open();
    }

    @AfterAll
    static void close() {
        goldens.close();
    }

    private static void check(Engine engine, String name, Graph graph, Map<String, String> outputs) {
        try (Weights weights = Formula.weights(graph);
                Session session = engine.compile(graph, weights, CompileOptions.DEFAULT.withThreads(2))) {
            Map<String, Tensor> out = session.run(Map.of("image", Formula.picture(96, 160)));
            outputs.forEach((ours, theirs) -> goldens.check(name + "/" + theirs, out.get(ours)));
        }
    }

    private static void classify(Engine engine, Variant variant) {
        check(
                engine,
                "cls-" + variant.label(),
                EfficientVit.classification(variant, IMAGE, 1000),
                Map.of(EfficientVit.LOGITS, "logits"));
    }

    private static void segment(Engine engine, Variant variant, Labels labels) {
        check(
                engine,
                "seg-" + variant.label() + "-" + labels.name().toLowerCase(Locale.ROOT),
                EfficientVit.segmentation(variant, labels, IMAGE),
                Map.of(EfficientVit.LOGITS, "logits"));
    }

    private static void detect(Engine engine, Variant variant) {
        Map<String, String> outputs = new HashMap<>();
        for (int stride : new int[] {8, 16, 32}) {
            outputs.put("logits" + stride, "logits" + stride);
            outputs.put("distances" + stride, "distances" + stride);
        }
        check(engine, "det-" + variant.label(), EfficientVit.detection(variant, IMAGE), outputs);
    }

    private static void pose(Engine engine, Size size, Skeleton skeleton) {
        check(
                engine,
                "litepose-" + size.name().toLowerCase(Locale.ROOT) + "-"
                        + skeleton.joints().size(),
                LitePose.graph(size, skeleton, IMAGE),
                Map.of(LitePose.COARSE, "out0", LitePose.FINE, "out1"));
    }

    @ParameterizedTest
    @EnumSource(
            value = Variant.class,
            names = {"B0", "B1", "B2", "B3"})
    void classifiersAgree(Variant variant) {
        classify(new OnnxEngine(), variant);
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource(
            value = Variant.class,
            names = {"L1", "L2", "L3"})
    void largerClassifiersAgree(Variant variant) {
        classify(new OnnxEngine(), variant);
    }

    @ParameterizedTest
    @CsvSource({"B0, CITYSCAPES", "B1, CITYSCAPES", "B1, ADE20K", "B2, CITYSCAPES", "B2, ADE20K", "L1, CITYSCAPES"})
    void segmentersAgree(Variant variant, Labels labels) {
        segment(new OnnxEngine(), variant, labels);
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({"B3, CITYSCAPES", "B3, ADE20K", "L1, ADE20K", "L2, CITYSCAPES", "L2, ADE20K"})
    void largerSegmentersAgree(Variant variant, Labels labels) {
        segment(new OnnxEngine(), variant, labels);
    }

    @ParameterizedTest
    @EnumSource(
            value = Variant.class,
            names = {"B0", "B1", "B2"})
    void detectorsAgree(Variant variant) {
        detect(new OnnxEngine(), variant);
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource(
            value = Variant.class,
            names = {"B3", "L0", "L1", "L2", "L3"})
    void largerDetectorsAgree(Variant variant) {
        detect(new OnnxEngine(), variant);
    }

    @ParameterizedTest
    @EnumSource(Size.class)
    void posersAgree(Size size) {
        pose(new OnnxEngine(), size, Skeleton.CROWDPOSE_14);
        pose(new OnnxEngine(), size, Skeleton.COCO_17);
    }

    @ParameterizedTest
    @EnumSource(value = Sam.class, names = "L0")
    void segmentAnythingAgrees(Sam sam) {
        segmentAnything(new OnnxEngine(), sam);
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource(
            value = Sam.class,
            names = {"L1", "L2", "XL0", "XL1"})
    void largerSegmentAnythingAgrees(Sam sam) {
        segmentAnything(new OnnxEngine(), sam);
    }

    /** One of each family on the oracle engine itself. */
    @ParameterizedTest
    @EnumSource(value = Variant.class, names = "B1")
    void referenceEngineAgrees(Variant variant) {
        Engine engine = new ReferenceEngine();
        classify(engine, variant);
        segment(engine, variant, Labels.CITYSCAPES);
        detect(engine, Variant.B0);
        pose(engine, Size.XS, Skeleton.COCO_17);
    }

    private static void segmentAnything(Engine engine, Sam sam) {
        String name = "sam-" + sam.name().toLowerCase(Locale.ROOT) + "/";
        int side = sam.input() == 512 ? 192 : 256;
        Graph encoder = ImageEncoder.graph(sam, Shape.of(1, 3, side, side), GRID);
        try (Weights weights = Formula.weights(encoder);
                Session session = engine.compile(encoder, weights, CompileOptions.DEFAULT)) {
            Tensor embedding = session.run(Formula.picture(side, side));
            goldens.check(name + "embedding", embedding);
            float[] all = {POINTS[0], POINTS[1], POINTS[2], POINTS[3], BOX[0], BOX[1], BOX[2], BOX[3]};
            float[] padded = {POINTS[0], POINTS[1], POINTS[2], POINTS[3], 0, 0};
            prompt(engine, sam, embedding, name + "points", padded, new int[] {1, 0, 4}, false);
            prompt(engine, sam, embedding, name + "box-and-mask", BOX, new int[] {2, 3}, true);
            prompt(engine, sam, embedding, name + "points-and-box", all, new int[] {1, 0, 2, 3}, false);
        }
    }

    private static void prompt(
            Engine engine, Sam sam, Tensor embedding, String name, float[] coordinates, int[] kinds, boolean mask) {
        Graph decoder = MaskDecoder.graph(sam, GRID, 1, kinds.length, mask);
        Tensor oneHot = Tensor.of(new float[5 * kinds.length], 1, kinds.length, 5);
        for (int i = 0; i < kinds.length; i++) {
            oneHot.set(5L * i + kinds[i], 1);
        }
        Map<String, Tensor> inputs = new HashMap<>();
        inputs.put("embedding", embedding);
        inputs.put("coordinates", Tensor.of(coordinates, 1, kinds.length, 2));
        inputs.put("kinds", oneHot);
        if (mask) {
            inputs.put("mask", Tensor.of(Formula.uniform("input mask", 16 * GRID * GRID, 4), 1, 1, 4 * GRID, 4 * GRID));
        }
        try (Weights weights = Formula.weights(decoder);
                Session session = engine.compile(decoder, weights, CompileOptions.DEFAULT)) {
            Map<String, Tensor> out = session.run(inputs);
            goldens.check(name + "/masks", out.get("masks"));
            goldens.check(name + "/iou", out.get("quality"));
        }
    }
}
