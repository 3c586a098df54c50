package sightline.operators.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import sightline.kernels.cuda.CudaDevice;
import sightline.kernels.cuda.CudaEngine;
import sightline.kernels.cuda.Storage;
import sightline.kernels.engine.Engine;
import sightline.kernels.train.Pause;
import sightline.operators.pool.TrainPack;
import sightline.operators.recipe.Recipe;
import sightline.operators.recipe.TrainingRun;
import sightline.operators.recipe.Workshop;

/**
 * Whether a detector learns in mixed precision as it does in float32, by the trainer itself: the same recipe, from the same
 * random weights, on the same simulated pictures in the same order, once in each storage, both at once on the first GPU.
 * Prints mean losses side by side, then what each finds in held-out pictures. Arguments: {@code STORAGE,STORAGE...
 * [KEY=VALUE...]}, the latter for keys of the recipe, such as {@code steps=600}. Needs the module java.desktop.
 */
public final class GpuLearning {
    private static final String RECIPE = "efficientvit-det-b0-exact";
    /** A run short enough to watch; what is given on the command line replaces these. */
    private static final List<String> SHORT =
            List.of("steps=300", "batch=64", "workers=2", "scenes={plazas: 40, each: 3}", "evaluateAt=256");

    private static final int WINDOWS = 10;
    private static final int THREADS = Integer.getInteger("sightline.threads", 8);
    private static final long CACHE = 1L << 30;

    /** What a run leaves: the loss of every step and what it says of held-out pictures. */
    record Learned(double[] losses, String heldOut) {}

    private GpuLearning() {}

    public static void main(String[] arguments) throws Exception {
        List<Storage> storages =
                Arrays.stream(arguments[0].split(",")).map(Storage::valueOf).toList();
        List<String> settings = new ArrayList<>(SHORT);
        settings.addAll(Arrays.asList(arguments).subList(1, arguments.length));
        Recipe recipe = Recipe.named(RECIPE, GpuTrain.changes(settings));
        try (CudaDevice device = CudaDevice.open(0);
                ExecutorService runs = Executors.newFixedThreadPool(storages.size())) {
            System.out.printf("%s, %s, %s%n", device.facts(), recipe.name(), settings);
            List<Future<Learned>> learning = storages.stream()
                    .map(s -> runs.submit(() -> learn(recipe, new CudaEngine(device, s))))
                    .toList();
            List<Learned> learned = new ArrayList<>();
            for (Future<Learned> run : learning) {
                learned.add(run.get());
            }
            print(storages, learned, System.out);
        }
    }

    /** A whole run in a folder that is not kept. */
    static Learned learn(Recipe recipe, Engine engine) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("learning");
        var said = new ByteArrayOutputStream();
        try (var out = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            new TrainingRun(recipe, folder, THREADS, CACHE, Math.toIntExact(recipe.steps()))
                    .run(new TrainPack(List.of(), List.of()), Workshop.of(List.of(engine)), Pause.NEVER, out);
            double[] losses = Files.readAllLines(folder.resolve("curve.csv")).stream()
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(',') + 1)))
                    .toArray();
            String heldOut = said.toString(StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("held-out pictures"))
                    .reduce("", (first, second) -> second);
            return new Learned(losses, heldOut);
        } finally {
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    static void print(List<?> names, List<Learned> learned, PrintStream out) {
        int steps = learned.getFirst().losses().length;
        int window = Math.max(1, steps / WINDOWS);
        for (int from = 0; from + window <= steps; from += window) {
            var line = new StringBuilder(String.format("steps %4d to %4d: mean loss", from, from + window - 1));
            for (int i = 0; i < names.size(); i++) {
                double mean = Arrays.stream(learned.get(i).losses(), from, from + window)
                        .average()
                        .orElseThrow();
                line.append(String.format(Locale.ROOT, "%s %.4f in %s", i == 0 ? "" : ",", mean, names.get(i)));
            }
            out.println(line);
        }
        for (int i = 0; i < names.size(); i++) {
            out.println(names.get(i) + ", " + learned.get(i).heldOut());
        }
    }
}
