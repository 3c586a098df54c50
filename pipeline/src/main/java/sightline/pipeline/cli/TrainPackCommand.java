package sightline.pipeline.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sightline.config.domain.Skeleton;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.weights.WeightFiles;
import sightline.kernels.weights.Weights;
import sightline.operators.efficientvit.Variant;
import sightline.operators.litepose.Poser;
import sightline.operators.litepose.Size;
import sightline.operators.pool.LabelMerge;
import sightline.operators.pool.LabeledPicture;
import sightline.operators.pool.Lesson;
import sightline.operators.pool.Lessons;
import sightline.operators.pool.PackBuilder;
import sightline.operators.pool.PicoDet;
import sightline.operators.pool.PoolReader;
import sightline.operators.pool.PoseTeacher;
import sightline.operators.pool.ScenePictures;
import sightline.operators.pool.StreetTeacher;
import sightline.operators.pool.TrainPack;
import sightline.operators.recipe.Recipe;
import sightline.pipeline.train.Stills;
import sightline.pipeline.train.TopicStills;

/** {@code sightline train-pack}: everything that a training run needs to see, in one file. */
@Command(
        name = "train-pack",
        description = {
            "Makes one file of pictures and labels for sightline train: a pool's pictures, a video's frames, what cameras sent,",
            "labelled by teachers, near-duplicates kept together, a share held out."
        },
        mixinStandardHelpOptions = true)
final class TrainPackCommand implements Callable<Integer> {
    /** How many training pictures one cluster of near-duplicates gives. */
    private static final int PER_CLUSTER = 4;

    private static final double HELD_OUT = 0.08;
    /** Of simulated pictures before they are made smaller. */
    private static final float DRAWN_QUALITY = 0.95f;

    private static final long FIRST_PLAZA = 500_000;
    /** Pictures of cameras in Kafka that are held at once. */
    private static final int MOST_SEEN = 10_000;

    @Spec
    private CommandSpec spec;

    @Option(names = "--pool", description = "Folder with index.json.")
    private Path pool;

    @Option(names = "--recipe", description = "Pack only what this recipe learns from (default everything).")
    private String recipe;

    @Option(names = "--video", description = "A clip whose frames join as source 'video'; may be repeated.")
    private List<Path> videos = List.of();

    @Option(
            names = "--from-cluster",
            paramLabel = "HOST:PORT",
            description = "What cameras have written to this Kafka cluster joins as source 'topic'.")
    private String cluster;

    @Option(
            names = "--every",
            defaultValue = "10",
            description = "Each n-th frame of a clip or camera (default ${DEFAULT-VALUE}).")
    private int every;

    @Option(names = "--plazas", defaultValue = "0", description = "Simulated plazas to draw (default none).")
    private int plazas;

    @Option(names = "--teacher", description = "PicoDet as ONNX: boxes. Needed where labels are not complete.")
    private Path teacher;

    @Option(names = "--pose-teacher", description = "Weights of LitePose-M: joints.")
    private Path poses;

    @Option(names = "--street-teacher", description = "Weights of EfficientViT-Seg-B0: classes of cells.")
    private Path streets;

    @Option(names = "--longest", defaultValue = "384", description = "Longest side (default ${DEFAULT-VALUE}).")
    private int longest;

    @Option(names = "--pictures", description = "At most so many, evenly over all (default all).")
    private int pictures = Integer.MAX_VALUE;

    @Option(names = "--quality", defaultValue = "0.6", description = "Of the JPEGs (default ${DEFAULT-VALUE}).")
    private float quality;

    @Option(
            names = "--megabytes",
            defaultValue = "24",
            description = "JPEGs get coarser than --quality where the file would have more (default ${DEFAULT-VALUE}).")
    private double megabytes;

    @Option(names = "--threads", defaultValue = "2", description = "(default ${DEFAULT-VALUE}).")
    private int threads;

    @Option(names = "--to", required = true, description = "The file to write.")
    private Path to;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var builder = new PackBuilder(longest, quality, PER_CLUSTER, HELD_OUT, (long) (megabytes * 1e6));
        TrainPack pack = chosen(builder);
        float fits;
        try (Weights joints = poses == null ? Weights.none() : WeightFiles.open(poses);
                Weights cells = streets == null ? Weights.none() : WeightFiles.open(streets)) {
            var lessons = new Lessons(() -> Lesson.inTurn(teachers(joints, cells)), threads);
            fits = builder.write(pack, lessons, to, System::nanoTime, this::say);
        }
        say(String.format(
                Locale.ROOT,
                "%s: %d pictures to learn from, %d held out, at most %d pixels, JPEGs of quality %.2f, %,d bytes",
                to,
                pack.trained().size(),
                pack.heldOut().size(),
                longest,
                fits,
                Files.size(to)));
        return 0;
    }

    private TrainPack chosen(PackBuilder builder) throws IOException {
        List<LabeledPicture> all = new ArrayList<>();
        if (pool != null) {
            all.addAll(PoolReader.read(pool, file -> true));
        }
        for (Path video : videos) {
            all.addAll(Stills.of(video, "video", every));
        }
        if (cluster != null) {
            TopicStills seen = TopicStills.read(cluster, every, MOST_SEEN);
            say(String.format(
                    Locale.ROOT,
                    "%d pictures of cameras in Kafka, %d passed over",
                    seen.pictures().size(),
                    seen.passedOver()));
            all.addAll(seen.pictures());
        }
        if (recipe != null) {
            Set<String> sources = Recipe.named(recipe).sources().keySet();
            all.removeIf(p -> !sources.contains(p.source()));
        }
        if (teacher == null && all.stream().anyMatch(p -> !p.complete())) {
            throw new IllegalArgumentException("not all pictures are labelled completely: give --teacher FILE");
        }
        TrainPack pack = PackBuilder.thinned(builder.chosen(all), pictures);
        say(String.format(
                Locale.ROOT,
                "%d pictures to learn from and %d held out, of %s",
                pack.trained().size(),
                pack.heldOut().size(),
                all.stream()
                        .collect(Collectors.groupingBy(
                                LabeledPicture::source, LinkedHashMap::new, Collectors.counting()))));
        if (plazas == 0) {
            return pack;
        }
        List<LabeledPicture> drawn = new ArrayList<>(pack.trained());
        drawn.addAll(ScenePictures.draw(FIRST_PLAZA, plazas, 1, 640, DRAWN_QUALITY));
        return new TrainPack(drawn, pack.heldOut());
    }

    /** For one thread: boxes first, as they say where people are. */
    private List<Lesson> teachers(Weights joints, Weights cells) {
        CompileOptions options = CompileOptions.DEFAULT.withThreads(1).lenient();
        List<Lesson> all = new ArrayList<>();
        if (teacher != null) {
            all.add(Lesson.boxes(PicoDet.of(teacher), LabelMerge.PICODET));
        }
        if (poses != null) {
            var poser = new Poser(new OnnxEngine(), Size.M, Skeleton.CROWDPOSE_14, joints, 448, 0.12, options);
            all.add(Lesson.dense(new PoseTeacher(poser), Lessons::showsPeople));
        }
        if (streets != null) {
            all.add(Lesson.dense(new StreetTeacher(new OnnxEngine(), Variant.B0, cells, options), p -> true));
        }
        return all;
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
