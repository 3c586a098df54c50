package sightline.pipeline.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sightline.config.domain.Skeleton;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.graph.Shape;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.weights.WeightFiles;
import sightline.kernels.weights.Weights;
import sightline.operators.efficientvit.EfficientVit;
import sightline.operators.efficientvit.Variant;
import sightline.operators.evaluate.CocoPoses;
import sightline.operators.evaluate.KeypointEvaluation;
import sightline.operators.litepose.Poser;
import sightline.operators.litepose.Size;
import sightline.operators.pool.Picture;
import sightline.operators.pool.PoolReader;
import sightline.operators.pool.StillFrame;
import sightline.operators.recipe.DetectorEvaluation;
import sightline.operators.recipe.ShippedWeights;
import sightline.operators.recipe.StreetAgreement;
import sightline.pipeline.train.Stills;

/** {@code sightline evaluate}: how good a network is on pictures whose truth is known. */
@Command(
        name = "evaluate",
        description = {
            "Scores a network: detectors by AP50 and AP of each class, LitePose by OKS AP on the twelve joints that"
                    + " COCO",
            "and CrowdPose share, street segmenters by agreement and mean IoU with a teacher that sees the same input.",
            "DATA is a folder with index.json; for segmenters any folder of pictures, or a video."
        },
        mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer> {
    @Option(names = "--model", required = true, description = "As in sightline models.")
    private String model;

    @Option(names = "--weights", description = "Where they are; those that ship by default.")
    private Path weights;

    @Option(names = "--teacher", description = "Weights of EfficientViT-Seg-B0: what a segmenter is compared with.")
    private Path teacher;

    @Option(names = "--side", description = "Input in pixels: the model's own by default.")
    private int side;

    @Option(names = "--every", defaultValue = "1", description = "Only each n-th picture (default ${DEFAULT-VALUE}).")
    private int every;

    @Option(names = "--only", defaultValue = "", description = "Only files whose name contains this.")
    private String only;

    @Option(names = "--threads", defaultValue = "2", description = "(default ${DEFAULT-VALUE}).")
    private int threads;

    @Parameters(paramLabel = "DATA", description = "What to look at.")
    private Path data;

    @Override
    public Integer call() throws IOException {
        try (Weights w = weights == null ? ShippedWeights.open(model) : WeightFiles.open(weights)) {
            if (model.startsWith("efficientvit-det-")) {
                System.out.print(detector(w));
            } else if (model.startsWith("litepose-")) {
                System.out.print(poser(w));
            } else if (model.startsWith("efficientvit-seg-b0")) {
                System.out.print(segmenter(w));
            } else {
                throw new IllegalArgumentException("there is no truth for " + model
                        + "; detectors (efficientvit-det-*), litepose-* and efficientvit-seg-b0 can be evaluated");
            }
        }
        return 0;
    }

    private String detector(Weights w) throws IOException {
        Variant variant = Variant.valueOf(part(2));
        int pixels = side > 0 ? side : 416;
        var graph = EfficientVit.detection(variant, Shape.of(1, 3, pixels, pixels));
        try (var evaluation = new DetectorEvaluation(new OnnxEngine(), graph, w, threads)) {
            return evaluation
                    .evaluate(PoolReader.read(data, file -> file.contains(only)))
                    .table();
        }
    }

    private String poser(Weights w) throws IOException {
        Size size = Size.valueOf(part(1));
        int pixels = side > 0 ? side : size.input();
        CompileOptions options = CompileOptions.DEFAULT.withThreads(threads).lenient();
        KeypointEvaluation score = CocoPoses.score();
        try (var poser = new Poser(new OnnxEngine(), size, Skeleton.CROWDPOSE_14, w, pixels, 0.05, options)) {
            for (CocoPoses.Sample sample : CocoPoses.read(data)) {
                var frame = StillFrame.of(sample.picture().padded());
                score.add(
                        CocoPoses.claims(
                                poser.perceive(List.of(frame)).getFirst().poses()),
                        sample.truths());
            }
        }
        return String.format("%s at %d pixels%n", score.summary(), pixels);
    }

    private String segmenter(Weights w) throws IOException {
        if (teacher == null) {
            throw new IllegalArgumentException("a segmenter is compared with a teacher: give --teacher FILE");
        }
        int pixels = side > 0 ? side : 768;
        try (Weights t = WeightFiles.open(teacher);
                var agreement = new StreetAgreement(new OnnxEngine(), w, t, pixels, threads)) {
            for (Picture picture : pictures()) {
                agreement.add(picture);
            }
            return agreement.table();
        }
    }

    private List<Picture> pictures() throws IOException {
        List<Picture> all = new java.util.ArrayList<>();
        if (!Files.isDirectory(data)) {
            for (var frame : Stills.frames(data, every)) {
                byte[] jpeg = new byte[frame.payload().remaining()];
                frame.payload().duplicate().get(jpeg);
                all.add(Picture.decode(data.getFileName() + " " + frame.header().sequence(), jpeg));
            }
            return all;
        }
        try (var files = Files.list(data)) {
            List<Path> jpegs = files.filter(f -> f.toString().endsWith(".jpg")
                            && f.getFileName().toString().contains(only))
                    .sorted()
                    .toList();
            for (int i = 0; i < jpegs.size(); i += every) {
                all.add(Picture.decode(jpegs.get(i).toString(), Files.readAllBytes(jpegs.get(i))));
            }
        }
        return all;
    }

    private String part(int i) {
        return model.toUpperCase(Locale.ROOT).split("-")[i];
    }
}
