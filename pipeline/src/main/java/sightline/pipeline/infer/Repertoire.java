package sightline.pipeline.infer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import sightline.config.domain.Skeleton;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.weights.WeightFiles;
import sightline.kernels.weights.Weights;
import sightline.operators.efficientvit.BoxDecoder;
import sightline.operators.efficientvit.Detector;
import sightline.operators.efficientvit.Segmenter;
import sightline.operators.efficientvit.Variant;
import sightline.operators.litepose.Poser;
import sightline.operators.litepose.Size;
import sightline.operators.recipe.ShippedWeights;
import sightline.operators.sam.Sam;
import sightline.operators.sam.SegmentAnything;

/** Perception networks by their names in the {@link Catalogue}: what each can do, where its weights are, how it is made. */
public final class Repertoire {
    static final int DETECTOR_SIDE = 416;
    private static final double OVERLAP = 0.6;
    private static final int MOST = 200;

    /** What networks that look at pictures by themselves are for. */
    public enum Task {
        DETECTION("efficientvit-det-"),
        SEGMENTATION("efficientvit-seg-"),
        POSES("litepose-"),
        MASKS("efficientvit-sam-");

        private final String prefix;

        Task(String prefix) {
            this.prefix = prefix;
        }

        /** The task of a model, if it has one. Halves of a network have none. */
        public static Optional<Task> of(String model) {
            for (Task task : values()) {
                boolean known = Catalogue.find(task == MASKS ? model + "-encoder" : model)
                        .isPresent();
                if (model.startsWith(task.prefix) && known) {
                    return Optional.of(task);
                }
            }
            return Optional.empty();
        }

        /**
         * Says why a model with these weights can't do this.
         *
         * @throws IllegalArgumentException if it can't
         */
        public void require(String model, Optional<Path> weights) {
            if (of(model).filter(this::equals).isEmpty()) {
                throw new IllegalArgumentException("there is no model " + model + " for "
                        + name().toLowerCase(Locale.ROOT) + "; see sightline models for those named " + prefix + "...");
            }
            if (weights.isPresent() && Files.notExists(weights.get())) {
                throw new IllegalArgumentException("there is no file " + weights.get() + fetched(model));
            }
            if (weights.isEmpty() && ShippedWeights.card(model).isEmpty()) {
                throw new IllegalArgumentException("no weights of " + model + " ship: name a file" + fetched(model));
            }
        }
    }

    private Repertoire() {}

    private static String fetched(String model) {
        return PublishedWeights.find(model)
                .map(source -> "; sightline weights fetch " + model + " brings it")
                .orElse("");
    }

    /** The weights of a file, or those that ship. */
    public static Weights weights(String model, Optional<Path> file) {
        return file.map(WeightFiles::open).orElseGet(() -> ShippedWeights.open(model));
    }

    /** Makes something of weights, which are closed if that fails. */
    public static <T> T of(Weights weights, Function<Weights, T> make) {
        try {
            return make.apply(weights);
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    static Detector detector(Engine engine, String model, Weights weights, double score, CompileOptions options) {
        return new Detector(
                engine, variant(model), weights, DETECTOR_SIDE, new BoxDecoder(score, OVERLAP, MOST), options);
    }

    public static Segmenter segmenter(Engine engine, String model, Weights weights, CompileOptions options) {
        boolean city = !model.endsWith("-ade20k");
        Segmenter.Labels labels = city ? Segmenter.Labels.CITYSCAPES : Segmenter.Labels.ADE20K;
        return new Segmenter(engine, variant(model), labels, weights, 512, city ? 1024 : 512, options);
    }

    public static Poser poser(Engine engine, String model, Weights weights, double score, CompileOptions options) {
        Size size = Size.valueOf(part(model, 1));
        return new Poser(engine, size, Skeleton.CROWDPOSE_14, weights, size.input(), score, options);
    }

    public static SegmentAnything anything(Engine engine, String model, Weights weights, CompileOptions options) {
        return new SegmentAnything(engine, Sam.valueOf(part(model, 2)), weights, options);
    }

    private static Variant variant(String model) {
        return Variant.valueOf(part(model, 2));
    }

    private static String part(String model, int index) {
        return model.toUpperCase(Locale.ROOT).split("-")[index];
    }
}
