package sightline.operators.recipe;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import sightline.operators.pool.Augmentation;

/**
 * What a network is trained for, on what and how: the part of a result that can be repeated.
 *
 * @param name of the recipe and of the weights that it makes
 * @param task what is learned: {@code detect}, {@code pose} or {@code segment}
 * @param variant size of the network
 * @param sources share of each source of pictures
 * @param stages input sizes, one after the other
 * @param batch samples of a step over all workers
 * @param workers shares a batch is cut into; batch statistics are a share's own
 * @param steps length of the run
 * @param warmup steps of rising learning rate
 * @param rate highest learning rate
 * @param floor lowest, at the end
 * @param decay decoupled weight decay
 * @param ema memory of the averaged weights
 * @param clip largest norm of a gradient
 * @param optimizer {@code adamw} or {@code coat}
 * @param activations what the backward half is given: {@code exact} or {@code fp8}
 * @param prior steps over which the fixed assignment gives way to the network's own
 * @param augmentation how samples are drawn
 * @param scenes simulated pictures that join those of the pack
 * @param start weights of ours to go on from, shipped ones by name or a file; random ones where absent
 * @param teacher size of the network that looks at every sample beside the student, where the task has one; its weights
 *     are given to the run
 * @param evaluateAt side of the input when held-out pictures are looked at
 * @param seed of everything random
 */
public record Recipe(
        String name,
        String task,
        String variant,
        Map<String, Double> sources,
        List<Stage> stages,
        int batch,
        int workers,
        long steps,
        long warmup,
        double rate,
        double floor,
        double decay,
        double ema,
        double clip,
        String optimizer,
        String activations,
        long prior,
        Augmentation augmentation,
        Scenes scenes,
        Optional<String> start,
        Optional<String> teacher,
        int evaluateAt,
        long seed) {
    private static final List<String> KEYS = Arrays.stream(Recipe.class.getRecordComponents())
            .map(RecordComponent::getName)
            .toList();

    /**
     * Simulated pictures, drawn anew for every run, with free labels.
     *
     * @param plazas how many plazas; no picture of one is like one of another
     * @param each pictures of each of a plaza's four cameras
     */
    public record Scenes(int plazas, int each) {
        public static final Scenes NONE = new Scenes(0, 0);
    }

    /** Until a share of the run is done, inputs have this side. */
    public record Stage(int side, double until) {}

    public Recipe {
        sources = new LinkedHashMap<>(sources);
        stages = List.copyOf(stages);
        if (batch % workers != 0) {
            throw new IllegalArgumentException("a batch of " + batch + " is no multiple of " + workers + " workers");
        }
        if (!List.of("adamw", "coat").contains(optimizer)
                || !List.of("exact", "fp8").contains(activations)) {
            throw new IllegalArgumentException("no optimizer " + optimizer + " with " + activations
                    + " activations; there are adamw and coat, exact and fp8");
        }
        for (Stage stage : stages) {
            if (stage.side() % 32 != 0) {
                throw new IllegalArgumentException("an input of " + stage.side() + " is no multiple of 32");
            }
        }
    }

    /** What must not change while a run goes on: everything but its length and its learning rates. */
    String identity() {
        return String.join(
                " ",
                name,
                task,
                variant,
                sources.toString(),
                Integer.toString(batch),
                optimizer,
                activations,
                augmentation.toString(),
                scenes.toString(),
                start.orElse("random") + teacher.map(t -> " taught by " + t).orElse(""),
                Long.toString(seed));
    }

    /** A recipe of that name among those that ship, or the file of that path. */
    public static Recipe named(String name) throws IOException {
        return named(name, Map.of());
    }

    /**
     * The same with other values for some of its keys.
     *
     * @param changes YAML values by key, such as {@code optimizer} and {@code coat}
     */
    public static Recipe named(String name, Map<String, String> changes) throws IOException {
        try (InputStream in = Recipe.class.getResourceAsStream("/sightline/recipes/" + name + ".yaml")) {
            if (in != null) {
                return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), changes);
            }
        }
        Path file = Path.of(name);
        if (Files.isRegularFile(file)) {
            return parse(Files.readString(file), changes);
        }
        throw new IOException("no recipe " + name);
    }

    /** Reads YAML; a missing key is named in the failure. */
    public static Recipe parse(String yaml) {
        return parse(yaml, Map.of());
    }

    private static Recipe parse(String yaml, Map<String, String> changes) {
        if (!(load(yaml) instanceof Map<?, ?> written)) {
            throw new IllegalArgumentException("a recipe is a map of settings");
        }
        Map<Object, Object> map = new LinkedHashMap<>(written);
        changes.forEach((key, value) -> {
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException("a recipe has no '" + key + "'; it has " + String.join(", ", KEYS));
            }
            map.put(key, load(value));
        });
        Map<String, Double> sources = new LinkedHashMap<>();
        ((Map<?, ?>) need(map, "sources")).forEach((k, v) -> sources.put(k.toString(), number(v)));
        List<Stage> stages = new ArrayList<>();
        for (Object stage : (List<?>) need(map, "stages")) {
            Map<?, ?> s = (Map<?, ?>) stage;
            stages.add(new Stage((int) number(need(s, "side")), number(need(s, "until"))));
        }
        Map<?, ?> a = (Map<?, ?>) need(map, "augmentation");
        return new Recipe(
                need(map, "name").toString(),
                need(map, "task").toString(),
                need(map, "variant").toString(),
                sources,
                stages,
                (int) number(need(map, "batch")),
                (int) number(need(map, "workers")),
                (long) number(need(map, "steps")),
                (long) number(need(map, "warmup")),
                number(need(map, "rate")),
                number(need(map, "floor")),
                number(need(map, "decay")),
                number(need(map, "ema")),
                number(need(map, "clip")),
                need(map, "optimizer").toString(),
                map.containsKey("activations") ? map.get("activations").toString() : "exact",
                (long) number(need(map, "prior")),
                new Augmentation(
                        number(need(a, "single")),
                        number(need(a, "anchored")),
                        number(need(a, "smallest")),
                        number(need(a, "largest")),
                        number(need(a, "colour")),
                        a.get("fill") == null ? Augmentation.WHOLE : number(a.get("fill"))),
                scenes(map),
                Optional.ofNullable(map.get("start")).map(Object::toString),
                Optional.ofNullable(map.get("teacher")).map(Object::toString),
                (int) number(need(map, "evaluateAt")),
                (long) number(need(map, "seed")));
    }

    private static Object load(String yaml) {
        return new Load(LoadSettings.builder().build()).loadFromString(yaml);
    }

    private static Scenes scenes(Map<?, ?> map) {
        return map.get("scenes") instanceof Map<?, ?> s
                ? new Scenes((int) number(need(s, "plazas")), (int) number(need(s, "each")))
                : Scenes.NONE;
    }

    private static Object need(Map<?, ?> map, String key) {
        Object value = map.get(key);
        if (value == null) {
            throw new IllegalArgumentException("the recipe lacks '" + key + "'");
        }
        return value;
    }

    private static double number(Object value) {
        return Double.parseDouble(value.toString());
    }
}
