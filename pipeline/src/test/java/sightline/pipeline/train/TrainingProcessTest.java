package sightline.pipeline.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sightline.config.domain.Box;
import sightline.config.domain.ObjectClass;
import sightline.operators.pool.LabeledObject;
import sightline.operators.pool.LabeledPicture;
import sightline.operators.pool.Picture;
import sightline.operators.pool.TrainPack;

/** {@code sightline train} as a process of its own, on a handful of pictures. */
@Tag("long")
class TrainingProcessTest {
    private static final int EVERY = 4;
    private static final int STEPS = 14;
    private static final String CRASH = "hs_err.log";

    @TempDir
    Path folder;

    @Test
    void aRunThatIsKilledLosesAtMostOneIntervalAndEndsAsIfNothingHadHappened() throws Exception {
        Path recipe = recipe(STEPS);
        Path pack = pack();
        run(recipe, pack, folder.resolve("whole"));
        Path killed = folder.resolve("killed");
        Process first = start(recipe, pack, killed);
        try (BufferedReader out = first.inputReader()) {
            assertThat(lineOf(out, "step 8 of ")).isNotNull();
        } finally {
            // SIGKILL: no hook runs, nothing is flushed.
            first.destroyForcibly().waitFor();
        }
        assertThat(killed.resolve("toy.safetensors")).doesNotExist();

        List<String> rest = run(recipe, pack, killed);

        String resumed =
                rest.stream().filter(l -> l.startsWith("step ")).findFirst().orElseThrow();
        assertThat(resumed).matches("step (8|12) of .*");
        assertThat(losses(killed)).isEqualTo(losses(folder.resolve("whole")));
        assertThat(killed.resolve("toy.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("whole").resolve("toy.safetensors"));
    }

    /** More steps than it will come to: it is asked to end in the middle. */
    @Test
    void aRunThatIsAskedToEndFinishesItsStepAndLosesNothing() throws Exception {
        Path pack = pack();
        Path asked = folder.resolve("asked");
        Process first = start(recipe(100_000), pack, asked);
        try (BufferedReader out = first.inputReader()) {
            assertThat(lineOf(out, "step 8 of ")).isNotNull();
            // SIGTERM, as the process's own method, which would close what it prints.
            first.toHandle().destroy();
            assertThat(lineOf(out, "paused")).isNotNull();
            assertThat(out.readLine()).isNull();
        } finally {
            first.onExit().orTimeout(2, TimeUnit.MINUTES).join();
        }
        assertThat(first.exitValue()).isEqualTo(128 + 15);
        assertThat(folder.resolve(CRASH)).doesNotExist();
        List<String> before = steps(asked);

        run(recipe(before.size() + 3), pack, asked);

        assertThat(before).hasSizeGreaterThanOrEqualTo(8);
        assertThat(steps(asked))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, before.size() + 3)
                        .mapToObj(Integer::toString)
                        .toList());
    }

    private static List<String> steps(Path run) throws IOException {
        return Files.readAllLines(run.resolve("curve.csv")).stream()
                .map(line -> line.split(",")[0])
                .toList();
    }

    /** What each step lost; of a step that was done again, the second time. */
    private static Map<String, String> losses(Path run) throws IOException {
        Map<String, String> losses = new TreeMap<>();
        for (String line : Files.readAllLines(run.resolve("curve.csv"))) {
            String[] cells = line.split(",");
            losses.put(cells[0], cells[1]);
        }
        assertThat(losses).hasSize(STEPS);
        return losses;
    }

    private static List<String> run(Path recipe, Path pack, Path to) throws Exception {
        Process process = start(recipe, pack, to);
        List<String> lines;
        try (BufferedReader out = process.inputReader()) {
            lines = out.lines().toList();
        }
        assertThat(process.waitFor()).as(String.join("\n", lines)).isZero();
        return lines;
    }

    private static Process start(Path recipe, Path pack, Path to) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:ErrorFile=" + to.resolveSibling(CRASH),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "sightline.pipeline.cli.Sightline",
                        "train",
                        "--recipe=" + recipe,
                        "--pack=" + pack,
                        "--folder=" + to,
                        "--checkpoint-every=" + EVERY,
                        "--threads=1")
                .redirectErrorStream(true)
                .start();
    }

    private static String lineOf(BufferedReader out, String start) throws IOException {
        String line = out.readLine();
        while (line != null && !line.startsWith(start)) {
            line = out.readLine();
        }
        return line;
    }

    private Path recipe(int steps) throws IOException {
        return Files.writeString(folder.resolve("toy.yaml"), """
                name: toy
                task: detect
                variant: b0
                sources: {s: 1}
                stages: [{side: 64, until: 1}]
                batch: 8
                workers: 1
                steps: %d
                warmup: 3
                rate: 2.0e-3
                floor: 1.0e-5
                decay: 0
                ema: 0.9
                clip: 10
                optimizer: adamw
                prior: 30
                augmentation: {single: 1, anchored: 0, smallest: 14, largest: 60, colour: 0}
                evaluateAt: 64
                seed: 5
                """.formatted(steps));
    }

    /** Eight bright rectangles on noise, trained on and looked at again. */
    private Path pack() throws IOException {
        Path file = folder.resolve("pack.zip");
        new TrainPack(pictures("s/"), pictures("again/")).write(file);
        return file;
    }

    private static List<LabeledPicture> pictures(String names) throws IOException {
        List<LabeledPicture> pictures = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            byte[] rgb = new byte[3 * 80 * 80];
            new java.util.Random(i).nextBytes(rgb);
            int left = 10 + 3 * i;
            for (int y = 20; y < 60; y++) {
                Arrays.fill(rgb, 3 * (y * 80 + left), 3 * (y * 80 + left + 32), (byte) 240);
            }
            var car = LabeledObject.human(ObjectClass.CAR, new Box(left / 80.0, 0.25, 0.4, 0.5));
            pictures.add(new LabeledPicture(names + i, "s", true, new Picture(80, 80, rgb).jpeg(0.9f), List.of(car)));
        }
        return pictures;
    }
}
