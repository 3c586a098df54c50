package sightline.operators.timing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import sightline.config.domain.Frame;
import sightline.config.domain.Skeleton;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Shape;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.WeightFiles;
import sightline.kernels.weights.Weights;
import sightline.operators.efficientvit.BoxDecoder;
import sightline.operators.efficientvit.Detector;
import sightline.operators.efficientvit.EfficientVit;
import sightline.operators.efficientvit.Segmenter;
import sightline.operators.efficientvit.Variant;
import sightline.operators.litepose.LitePose;
import sightline.operators.litepose.Poser;
import sightline.operators.litepose.Size;
import sightline.operators.perception.Perceiver;
import sightline.operators.recipe.ShippedWeights;
import sightline.operators.sam.ImageEncoder;
import sightline.operators.sam.Sam;
import sightline.operators.sam.SegmentAnything;

/**
 * A network as it is used. With weights that nobody trained the network costs the same, what is made of its outputs may
 * not.
 *
 * @param name model and input
 * @param picture what it looks at, under the folder of the data
 * @param weights opens them
 * @param trained whether somebody trained them
 * @param opening of all that is between a frame and a result
 */
record Subject(
        String name,
        String picture,
        Function<Path, Weights> weights,
        Function<Path, Boolean> trained,
        Opening opening) {
    private static final String STREET = "golden/city.png";
    private static final String PEOPLE = "golden/people.jpg";
    private static final String POSES = "weights/litepose_auto_m_crowdpose.pt";
    private static final double SCORE = 0.3;

    /** Makes a looker of an engine. */
    interface Opening {
        Looker open(Engine engine, Weights weights, CompileOptions options, Path data);
    }

    /** The networks of the pipeline, at the sizes that it uses. */
    static List<Subject> all() {
        return List.of(
                of(
                        "efficientvit-seg-b0 1024x512",
                        STREET,
                        "weights/efficientvit_seg_b0_cityscapes.pt",
                        EfficientVit.segmentation(Variant.B0, Segmenter.Labels.CITYSCAPES, image(512, 1024)),
                        (engine, weights, options, data) -> looker(new Segmenter(
                                engine, Variant.B0, Segmenter.Labels.CITYSCAPES, weights, 512, 1024, options))),
                detector(320),
                detector(416),
                poser(Size.XS, 256, ""),
                poser(Size.M, 448, POSES),
                of(
                        "efficientvit-sam-l0 512",
                        PEOPLE,
                        "",
                        ImageEncoder.graph(Sam.L0, image(512, 512), 64),
                        Subject::encoder));
    }

    static Optional<Subject> find(String name) {
        return all().stream().filter(subject -> subject.name.equals(name)).findFirst();
    }

    private static Subject detector(int side) {
        return new Subject(
                "efficientvit-det-b0 " + side,
                PEOPLE,
                data -> ShippedWeights.open("efficientvit-det-b0"),
                data -> true,
                (engine, weights, options, data) -> looker(
                        new Detector(engine, Variant.B0, weights, side, new BoxDecoder(SCORE, 0.6, 100), options)));
    }

    private static Subject poser(Size size, int side, String file) {
        return of(
                "litepose-" + size.name().toLowerCase(java.util.Locale.ROOT) + " " + side,
                PEOPLE,
                file,
                LitePose.graph(size, Skeleton.CROWDPOSE_14, image(side, side)),
                (engine, weights, options, data) -> looker(
                        poser(file.isEmpty() ? borrowing(engine, side, data) : engine, size, weights, side, options)));
    }

    private static Poser poser(Engine engine, Size size, Weights weights, int side, CompileOptions options) {
        return new Poser(engine, size, Skeleton.CROWDPOSE_14, weights, side, SCORE, options);
    }

    /** Noise has joints everywhere, so a network without training answers as the trained one does for the same picture. */
    private static Engine borrowing(Engine engine, int side, Path data) {
        Path file = data.resolve(POSES);
        if (!Files.exists(file)) {
            return engine;
        }
        StopwatchEngine watch = new StopwatchEngine(new OnnxEngine());
        try (Weights weights = WeightFiles.open(file);
                Poser poser = poser(watch, Size.M, weights, side, CompileOptions.DEFAULT.lenient())) {
            poser.perceive(List.of(ModelBench.frame(data.resolve(PEOPLE))));
            return new BorrowedAnswers(engine, watch.outputs());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Weights of a file where there is one, and random ones where not. */
    private static Subject of(String name, String picture, String file, Graph graph, Opening opening) {
        Function<Path, Boolean> there = data -> !file.isEmpty() && Files.exists(data.resolve(file));
        return new Subject(
                name,
                picture,
                data -> there.apply(data) ? WeightFiles.open(data.resolve(file)) : RandomWeights.of(graph, 1),
                there,
                opening);
    }

    private static Looker looker(Perceiver<?> perceiver) {
        return looker(perceiver, (p, frame) -> p.perceive(List.of(frame)));
    }

    /** The encoder alone: what follows depends on how many prompts there are. */
    private static Looker encoder(Engine engine, Weights weights, CompileOptions options, Path data) {
        SegmentAnything sam = new SegmentAnything(engine, Sam.L0, weights, options);
        return looker(sam, SegmentAnything::look);
    }

    private static <T extends AutoCloseable> Looker looker(T network, BiConsumer<T, Frame> look) {
        return new Looker() {
            @Override
            public void look(Frame frame) {
                look.accept(network, frame);
            }

            @Override
            public void close() {
                try {
                    network.close();
                } catch (Exception e) {
                    throw new IllegalStateException("a network did not close", e);
                }
            }
        };
    }

    private static Shape image(int height, int width) {
        return Shape.of(1, 3, height, width);
    }
}
