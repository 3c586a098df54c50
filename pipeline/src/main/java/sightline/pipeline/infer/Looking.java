package sightline.pipeline.infer;

import java.nio.file.Files;
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
import sightline.operators.recipe.ShippedWeights;
import sightline.operators.sam.AutomaticMasks;
import sightline.operators.sam.MaskCutter;
import sightline.operators.sam.Sam;
import sightline.operators.sam.SegmentAnything;
import sightline.pipeline.topology.ShippedNetworks;

/** A named network with its weights, ready to look at pictures. One thread at a time; close it. */
public final class Looking implements AutoCloseable {
    private static final int DETECTOR_SIDE = 416;

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
        boolean known = Catalogue.find(model).isPresent()
                || model.startsWith("efficientvit-sam-")
                        && Catalogue.find(model + "-encoder").isPresent();
        if (!known) {
            throw new IllegalArgumentException("there is no model " + model + "; see sightline models");
        }
        Weights weights = file.map(f -> own(model, f)).orElseGet(() -> shipped(model));
        try {
            return open(model, weights, manner);
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    private static Weights own(String model, Path file) {
        if (Files.notExists(file)) {
            throw new IllegalArgumentException("there is no file " + file + fetched(model));
        }
        return WeightFiles.open(file);
    }

    private static Weights shipped(String model) {
        if (ShippedWeights.card(model).isEmpty()) {
            throw new IllegalArgumentException("no weights of " + model + " ship: give --weights" + fetched(model));
        }
        return ShippedWeights.open(model);
    }

    private static String fetched(String model) {
        return PublishedWeights.find(model)
                .map(source -> "; sightline weights fetch " + model + " brings it")
                .orElse("");
    }

    private static Looking open(String model, Weights weights, Manner manner) {
        Engine engine = new OnnxEngine();
        String[] parts = model.toUpperCase(Locale.ROOT).split("-");
        if (model.startsWith("litepose-")) {
            Size size = Size.valueOf(parts[1]);
            Poser poser = new Poser(
                    engine, size, Skeleton.CROWDPOSE_14, weights, size.input(), manner.score(), manner.options());
            return new Looking(manner.flip() ? poser.flipping() : poser, Finding::of, weights);
        }
        if (model.startsWith("efficientvit-det-")) {
            BoxDecoder decoder = new BoxDecoder(manner.score(), 0.6, 200);
            Variant variant = Variant.valueOf(parts[2]);
            return new Looking(
                    new Detector(engine, variant, weights, DETECTOR_SIDE, decoder, manner.options()),
                    found -> Finding.of(found.detections()),
                    weights);
        }
        if (model.startsWith("efficientvit-seg-")) {
            boolean city = !model.endsWith("-ade20k");
            Segmenter.Labels labels = city ? Segmenter.Labels.CITYSCAPES : Segmenter.Labels.ADE20K;
            Variant variant = Variant.valueOf(parts[2]);
            return new Looking(
                    new Segmenter(engine, variant, labels, weights, 512, city ? 1024 : 512, manner.options()),
                    Finding::of,
                    weights);
        }
        if (model.startsWith("efficientvit-sam-") && parts.length == 3) {
            SegmentAnything sam = new SegmentAnything(engine, Sam.valueOf(parts[2]), weights, manner.options());
            return new Looking(
                    manner.everything()
                            ? MaskCutter.ofEverything(AutomaticMasks.DEFAULT, sam)
                            : MaskCutter.of(ShippedNetworks.detector(DETECTOR_SIDE, manner.threads()), sam),
                    Finding::of,
                    weights);
        }
        throw new IllegalArgumentException(model + " does not look at pictures by itself; detectors (det), segmenters "
                + "(seg), posers (litepose) and mask cutters (sam, without -encoder) do");
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
