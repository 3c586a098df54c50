package sightline.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sightline.operators.pool.LabeledPicture;
import sightline.operators.pool.Picture;
import sightline.operators.pool.TrainPack;

/** {@code sightline train-pack} on generated pictures of two sources, one of them the recipe's. */
class TrainPackCommandTest {
    @TempDir
    Path folder;

    private Path recipe;
    private Path pool;

    @BeforeEach
    void write() throws IOException {
        recipe = Files.writeString(folder.resolve("toy.yaml"), """
                name: toy
                task: detect
                variant: b0
                sources: {ours: 1}
                stages: [{side: 64, until: 1}]
                batch: 8
                workers: 1
                steps: 1
                warmup: 1
                rate: 2.0e-3
                floor: 1.0e-5
                decay: 0
                ema: 0.9
                clip: 10
                optimizer: adamw
                prior: 0
                augmentation: {single: 1, anchored: 0, smallest: 14, largest: 60, colour: 0}
                evaluateAt: 64
                seed: 5
                """);
        pool = Files.createDirectory(folder.resolve("pool"));
        for (int i = 0; i < 24; i++) {
            Files.write(pool.resolve(i + ".jpg"), picture(i).jpeg(0.95f));
        }
        Files.write(pool.resolve("broken.jpg"), new byte[] {1, 2, 3});
        index(true);
    }

    @Test
    void aRecipesPackHoldsItsSourcesAloneAndFits() throws Exception {
        Path pack = folder.resolve("pack.zip");
        Run run = Run.of("train-pack", "--pool=" + pool, "--recipe=" + recipe, "--megabytes=0.04", "--to=" + pack);

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("of {ours=12}", "40,000 are allowed", "12 of 12 pictures labelled");
        assertThat(Files.size(pack)).isLessThanOrEqualTo(40_000);
        TrainPack read = TrainPack.read(pack);
        assertThat(read.trained().size() + read.heldOut().size()).isEqualTo(12);
        assertThat(read.trained()).extracting(LabeledPicture::source).containsOnly("ours");
        assertThat(read.trained()).allSatisfy(p -> assertThat(p.objects()).hasSize(1));
        Picture first = read.trained().getFirst().decode();
        assertThat(List.of(first.width(), first.height())).containsExactly(96, 72);
    }

    @Test
    void withoutARecipeEverySourceIsPacked() throws Exception {
        Path pack = folder.resolve("pack.zip");
        Run run = Run.of("train-pack", "--pool=" + pool, "--longest=48", "--pictures=9", "--to=" + pack);

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("of {ours=12, others=12}");
        TrainPack read = TrainPack.read(pack);
        assertThat(read.trained().size() + read.heldOut().size()).isEqualTo(9);
        assertThat(read.trained().getFirst().decode().width()).isEqualTo(48);
    }

    @Test
    void whatDoesNotFitIsRefusedWithWhatWould() {
        Path pack = folder.resolve("pack.zip");
        Run run = Run.of("train-pack", "--pool=" + pool, "--recipe=" + recipe, "--megabytes=0.012", "--to=" + pack);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("12,000 are allowed", "pixels would fit").hasLineCount(1);
        assertThat(pack).doesNotExist();
    }

    @Test
    void picturesThatAreNotLabelledWhollyWantATeacher() throws Exception {
        index(false);
        Run run = Run.of("train-pack", "--pool=" + pool, "--to=" + folder.resolve("pack.zip"));

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("--teacher");
    }

    private void index(boolean complete) throws IOException {
        String entries = IntStream.range(0, 25)
                .mapToObj(i -> """
                        {"file":"%s.jpg","source":"%s","complete":%s,"boxes":[["car",0.1,0.1,0.2,0.2]]}\
                        """.formatted(i == 24 ? "broken" : i, i % 2 == 0 ? "ours" : "others", complete))
                .collect(Collectors.joining(","));
        Files.writeString(pool.resolve("index.json"), "[" + entries + "]");
    }

    private static Picture picture(int seed) {
        byte[] rgb = new byte[3 * 96 * 72];
        new Random(seed).nextBytes(rgb);
        return new Picture(96, 72, rgb);
    }
}
