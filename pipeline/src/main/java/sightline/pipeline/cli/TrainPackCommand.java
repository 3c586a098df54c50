package sightline.pipeline.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
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
import sightline.operators.pool.Lessons;
import sightline.operators.pool.PackBuilder;
import sightline.operators.pool.PicoDet;
import sightline.operators.pool.PoolReader;
import sightline.operators.pool.PoseTeacher;
import sightline.operators.pool.ScenePictures;
import sightline.operators.pool.StreetTeacher;
import sightline.operators.pool.Teacher;
import sightline.operators.pool.TrainPack;
import sightline.operators.recipe.Recipe;
import sightline.pipeline.train.Stills;

/** {@code sightline train-pack}: everything that a training run needs to see, in one file. */
@Command(
        name = "train-pack",
        description = {
            "Makes one file of pictures and labels for sightline train: a pool's pictures and a video's frames,",
            "labelled by teachers, near-duplicates kept together, a share held out."
        },
        mixinStandardHelpOptions = true)
final class TrainPackCommand implements Callable<Integer> {
    /** How many training pictures one cluster of near-duplicates gives. */
    private static final int PER_CLUSTER = 4;

    private static final double HELD_OUT = 0.08;
    /** Of what teachers look at; what travels is smaller. */
    private static final float TAUGHT_QUALITY = 0.95f;

    private static final long FIRST_PLAZA = 500_000;

    @Option(names = "--pool", description = "Folder with index.json.")
    private Path pool;

    @Option(names = "--recipe", description = "Pack only what this recipe learns from (default everything).")
    private String recipe;

    @Option(names = "--video", description = "A clip whose frames join as source 'video'; may be repeated.")
    private List<Path> videos = List.of();

    @Option(names = "--every", defaultValue = "10", description = "Each n-th frame (default ${DEFAULT-VALUE}).")
    private int every;

    @Option(names = "--plazas", defaultValue = "0", description = "Simulated plazas to draw (default none).")
    private int plazas;

    @Option(names = "--teacher", required = true, description = "PicoDet as ONNX: boxes.")
    private Path teacher;

    @Option(names = "--pose-teacher", description = "Weights of LitePose-M: joints.")
    private Path poses;

    @Option(names = "--street-teacher", description = "Weights of EfficientViT-Seg-B0: classes of cells.")
    private Path streets;

    @Option(names = "--longest", defaultValue = "384", description = "Longest side (default ${DEFAULT-VALUE}).")
    private int longest;

    @Option(names = "--quality", defaultValue = "0.6", description = "Of the JPEGs (default ${DEFAULT-VALUE}).")
    private float quality;

    @Option(
            names = "--megabytes",
            defaultValue = "24",
            description = "JPEGs get coarser than --quality until the file has no more (default ${DEFAULT-VALUE}).")
    private double megabytes;

    @Option(names = "--threads", defaultValue = "2", description = "(default ${DEFAULT-VALUE}).")
    private int threads;

    @Option(names = "--to", required = true, description = "The file to write.")
    private Path to;

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<LabeledPicture> all = new ArrayList<>();
        if (pool != null) {
            all.addAll(PoolReader.read(pool, file -> true));
        }
        for (Path video : videos) {
            all.addAll(Stills.of(video, "video", every));
        }
        if (recipe != null) {
            Map<String, Double> sources = Recipe.named(recipe).sources();
            all.removeIf(p -> !sources.containsKey(p.source()));
        }
        TrainPack pack;
        try (Teacher boxes = new PicoDet(teacher, threads)) {
            pack = new PackBuilder(LabelMerge.PICODET, longest, TAUGHT_QUALITY, PER_CLUSTER, HELD_OUT)
                    .build(all, boxes);
        }
        if (plazas > 0) {
            List<LabeledPicture> drawn = new ArrayList<>(pack.trained());
            drawn.addAll(ScenePictures.draw(FIRST_PLAZA, plazas, 1, 640, TAUGHT_QUALITY));
            pack = new TrainPack(drawn, pack.heldOut());
        }
        float fits = dense(pack).writeWithin(to, (long) (megabytes * 1e6), quality);
        System.out.printf(
                Locale.ROOT,
                "%s: %d pictures to learn from, %d held out, at most %d pixels, JPEGs of quality %.2f, %,d bytes%n",
                to,
                pack.trained().size(),
                pack.heldOut().size(),
                longest,
                fits,
                Files.size(to));
        return 0;
    }

    private TrainPack dense(TrainPack given) throws IOException, InterruptedException {
        TrainPack pack = given;
        CompileOptions options = CompileOptions.DEFAULT.lenient();
        if (poses != null) {
            try (Weights weights = WeightFiles.open(poses)) {
                pack = Lessons.teach(
                        pack,
                        () -> new PoseTeacher(new Poser(
                                new OnnxEngine(), Size.M, Skeleton.CROWDPOSE_14, weights, 448, 0.12, options)),
                        Lessons::showsPeople,
                        threads);
            }
        }
        if (streets != null) {
            try (Weights weights = WeightFiles.open(streets)) {
                pack = Lessons.teach(
                        pack,
                        () -> new StreetTeacher(new OnnxEngine(), Variant.B0, weights, options),
                        p -> true,
                        threads);
            }
        }
        return pack;
    }
}
