package sightline.pipeline.infer;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import sightline.config.domain.Frame;
import sightline.config.domain.Skeleton;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.weights.WeightFiles;
import sightline.kernels.weights.Weights;
import sightline.operators.efficientvit.BoxDecoder;
import sightline.operators.efficientvit.Detector;
import sightline.operators.efficientvit.Segmenter;
import sightline.operators.efficientvit.Variant;
import sightline.operators.litepose.Poser;
import sightline.operators.litepose.Size;
import sightline.operators.perception.Perceiver;

/** A named network with its weights, ready to look at pictures. One thread at a time; close it. */
public final class Looking implements AutoCloseable {
    private final Perceiver<?> perceiver;
    private final Function<Frame, Finding> look;
    private final Weights weights;

    private Looking(Perceiver<?> perceiver, Function<Frame, Finding> look, Weights weights) {
        this.perceiver = perceiver;
        this.look = look;
        this.weights = weights;
    }

    /**
     * @param model a detector, segmenter or poser of the {@link Catalogue}
     * @param file its weights, safetensors or an official checkpoint
     * @throws IllegalArgumentException if there is no such model, or it does not look at pictures by itself
     */
    public static Looking open(String model, Path file, int threads, double score) {
        Engine engine = new OnnxEngine();
        CompileOptions options = CompileOptions.DEFAULT.withThreads(threads);
        String[] parts = model.toUpperCase(Locale.ROOT).split("-");
        if (Catalogue.find(model).isEmpty()) {
            throw new IllegalArgumentException("there is no model " + model + "; see sightline models");
        }
        Weights weights = WeightFiles.open(file);
        try {
            if (model.startsWith("litepose-")) {
                Size size = Size.valueOf(parts[1]);
                Poser poser = new Poser(engine, size, Skeleton.CROWDPOSE_14, weights, size.input(), score, options);
                return new Looking(
                        poser,
                        frame -> new Finding(
                                List.of(),
                                poser.perceive(List.of(frame)).getFirst().poses(),
                                Skeleton.CROWDPOSE_14,
                                Optional.empty()),
                        weights);
            }
            Variant variant = Variant.valueOf(parts[2]);
            if (model.startsWith("efficientvit-det-")) {
                Detector detector =
                        new Detector(engine, variant, weights, 416, new BoxDecoder(score, 0.6, 200), options);
                return new Looking(
                        detector,
                        frame -> new Finding(
                                detector.perceive(List.of(frame)).getFirst().detections(),
                                List.of(),
                                Skeleton.CROWDPOSE_14,
                                Optional.empty()),
                        weights);
            }
            if (model.startsWith("efficientvit-seg-")) {
                boolean city = !model.endsWith("-ade20k");
                Segmenter segmenter = new Segmenter(
                        engine,
                        variant,
                        city ? Segmenter.Labels.CITYSCAPES : Segmenter.Labels.ADE20K,
                        weights,
                        512,
                        city ? 1024 : 512,
                        options);
                return new Looking(segmenter, frame -> segmented(segmenter, frame), weights);
            }
            throw new IllegalArgumentException(model + " does not look at pictures by itself; detectors (det), "
                    + "segmenters (seg) and posers (litepose) do");
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    private static Finding segmented(Segmenter segmenter, Frame frame) {
        var map = segmenter.perceive(List.of(frame)).getFirst();
        return new Finding(map.instances(), List.of(), Skeleton.CROWDPOSE_14, Optional.of(map));
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
