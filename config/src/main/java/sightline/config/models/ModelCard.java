package sightline.config.models;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What is known of a set of weights.
 *
 * @param name of the model, as on the command line
 * @param version of these weights
 * @param task what it does: detect, pose, segment, classify or cut out
 * @param description one or two sentences
 * @param architecture name of the graph
 * @param parameters how many there are
 * @param input size of the picture that it was trained on, pixels
 * @param classes what it tells apart, in the order of its output channels
 * @param licence SPDX identifier of the weights, or a name
 * @param restricted whether anything it was made from forbids commercial use or leaves it in doubt
 * @param restriction why, in a sentence; empty where it is not restricted
 * @param sources pictures and labels that it learnt from
 * @param teachers models that it learnt from
 * @param training how it was made
 * @param figures what was measured
 * @param limits what it cannot do, a sentence each
 * @param file the weights
 */
public record ModelCard(
        String name,
        String version,
        String task,
        String description,
        String architecture,
        long parameters,
        InputSize input,
        List<String> classes,
        String licence,
        boolean restricted,
        String restriction,
        List<Source> sources,
        List<Source> teachers,
        Training training,
        List<Figure> figures,
        List<String> limits,
        WeightsFile file) {

    public ModelCard {
        for (String text : List.of(name, version, task, description, architecture, licence)) {
            if (text.isBlank()) {
                throw new IllegalArgumentException(
                        "a model card needs name, version, task, description, architecture and licence");
            }
        }
        restriction = Objects.requireNonNullElse(restriction, "");
        classes = listed(classes);
        sources = listed(sources);
        teachers = listed(teachers);
        figures = listed(figures);
        limits = listed(limits);
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(file, "file");
        Stream.concat(sources.stream(), teachers.stream())
                .filter(Source::restricted)
                .findFirst()
                .filter(source -> !restricted)
                .ifPresent(source -> {
                    throw new IllegalArgumentException("model " + name + " learnt from " + source.name() + " ("
                            + source.licence() + "), which is restricted, so the model is restricted too");
                });
        if (restricted && restriction.isBlank()) {
            throw new IllegalArgumentException("model " + name + " is restricted and does not say why");
        }
    }

    private static <T> List<T> listed(List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    /**
     * The size of a picture.
     *
     * @param width pixels
     * @param height pixels
     */
    public record InputSize(int width, int height) {}

    /**
     * Something that the model learnt from.
     *
     * @param name of the data set or model
     * @param licence of it, SPDX where there is one
     * @param where its public home
     * @param use what was taken from it: pixels, labels, predictions
     * @param items how many pictures; 0 where that has no meaning
     * @param restricted whether its terms forbid commercial use or leave it in doubt
     */
    public record Source(String name, String licence, String where, String use, long items, boolean restricted) {
        public Source {
            if (name == null || licence == null || licence.isBlank()) {
                throw new IllegalArgumentException("a source of a model needs a name and a licence");
            }
        }
    }

    /**
     * How it was made, so that it can be made again.
     *
     * @param recipe name of the recipe file
     * @param seed of all randomness
     * @param steps of the optimiser
     * @param device what it was trained on
     * @param weightsFrom what it started from: {@code random}, or the name of other weights
     */
    public record Training(String recipe, long seed, long steps, String device, String weightsFrom) {}

    /**
     * One measured figure.
     *
     * @param metric such as {@code AP50}
     * @param data what it was measured on
     * @param value in the metric's own unit
     * @param note under which conditions
     */
    public record Figure(String metric, String data, double value, String note) {}

    /**
     * The weights themselves.
     *
     * @param name of the file, without a directory
     * @param bytes its size
     * @param sha256 lower-case hexadecimal
     */
    public record WeightsFile(String name, long bytes, String sha256) {
        public WeightsFile {
            if (!sha256.matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException("'" + sha256 + "' is not a SHA-256 in lower-case hexadecimal");
            }
        }
    }
}
