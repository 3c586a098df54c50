package sightline.pipeline.infer;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import sightline.config.domain.Frame;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.weights.Weights;
import sightline.operators.litepose.Poser;
import sightline.operators.perception.Perceiver;
import sightline.operators.sam.AutomaticMasks;
import sightline.operators.sam.MaskCutter;
import sightline.operators.sam.SegmentAnything;

/** A named network with its weights, ready to look at pictures. One thread at a time; close it. */
public final class Looking implements AutoCloseable {
    private final Perceiver<?> perceiver;
    private final Function<Frame, Finding> look;
    private final Weights weights;

    private <T> Looking(Perceiver<T> perceiver, Function<T, Finding> finding, Weights weights) {
        this.perceiver = perceiver;
        this.look = frame -> finding.apply(perceiver.perceive(List.of(frame)).getFirst());
        this.weights = weights;
    }

    /**
     * How to look.
     *
     * @param threads of the engine
     * @param score least score of a box or a pose
     * @param flip look at poses mirrored as well, as the official evaluation does, at twice the cost
     * @param everything cut out masks of all there is rather than of what the shipped detector finds
     */
    public record Manner(int threads, double score, boolean flip, boolean everything) {
        public static final Manner DEFAULT = new Manner(1, 0.3, false, false);

        CompileOptions options() {
            return CompileOptions.DEFAULT.withThreads(threads);
        }
    }

    /**
     * @param model a detector, segmenter, poser or mask cutter of the {@link Catalogue}
     * @param file its weights, safetensors or an official checkpoint; those that ship where absent
     * @throws IllegalArgumentException if there is no such model, or it does not look at pictures by itself
     */
    public static Looking open(String model, Optional<Path> file, Manner manner) {
        Repertoire.Task task = Repertoire.Task.of(model)
                .orElseThrow(() -> new IllegalArgumentException(
                        Catalogue.find(model).isEmpty()
                                ? "there is no model " + model + "; see sightline models"
                                : model + " does not look at pictures by itself; detectors (det), segmenters "
                                        + "(seg), posers (litepose) and mask cutters (sam, without -encoder) do"));
        task.require(model, file);
        return Repertoire.of(Repertoire.weights(model, file), weights -> open(task, model, weights, manner));
    }

    private static Looking open(Repertoire.Task task, String model, Weights weights, Manner manner) {
        Engine engine = new OnnxEngine();
        return switch (task) {
            case POSES -> {
                Poser poser = Repertoire.poser(engine, model, weights, manner.score(), manner.options());
                yield new Looking(manner.flip() ? poser.flipping() : poser, Finding::of, weights);
            }
            case DETECTION ->
                new Looking(
                        Repertoire.detector(engine, model, weights, manner.score(), manner.options()),
                        found -> Finding.of(found.detections()),
                        weights);
            case SEGMENTATION ->
                new Looking(Repertoire.segmenter(engine, model, weights, manner.options()), Finding::of, weights);
            case MASKS -> {
                SegmentAnything sam = Repertoire.anything(engine, model, weights, manner.options());
                yield new Looking(
                        manner.everything()
                                ? MaskCutter.ofEverything(AutomaticMasks.DEFAULT, sam)
                                : MaskCutter.of(ShippedDetector.open(Repertoire.DETECTOR_SIDE, manner.threads()), sam),
                        Finding::of,
                        weights);
            }
        };
    }

    public Perceiver.Identity identity() {
        return perceiver.identity();
    }

    public Finding look(Frame frame) {
        return look.apply(frame);
    }

    @Override
    public void close() {
        perceiver.close();
        weights.close();
    }
}
