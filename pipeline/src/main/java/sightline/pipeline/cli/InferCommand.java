package sightline.pipeline.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sightline.pipeline.infer.Inference;
import sightline.pipeline.infer.Looking;
import sightline.pipeline.infer.Overlays;

/** {@code sightline infer}: a network on a picture, a folder or a video. */
@Command(
        name = "infer",
        description = "Runs a network on a picture, folder or video; prints JSON lines and draws overlays.",
        mixinStandardHelpOptions = true)
final class InferCommand implements Callable<Integer> {
    @Option(names = "--model", required = true, description = "Name as in sightline models.")
    private String model;

    @Option(names = "--weights", description = "Safetensors or an official checkpoint; those that ship by default.")
    private Path weights;

    @Option(names = "--overlays", description = "Folder for overlay pictures, or a video such as out.mp4.")
    private Path overlays;

    @Option(names = "--score", description = "Least score (default ${DEFAULT-VALUE}).", defaultValue = "0.3")
    private double score;

    @Option(names = "--every", description = "Only each n-th frame (default ${DEFAULT-VALUE}).", defaultValue = "1")
    private int every;

    @Option(
            names = "--most",
            description = "Stop after so many pictures.",
            defaultValue = "9223372036854775807",
            hidden = true)
    private long most;

    @Option(names = "--threads", description = "Threads of the engine (default ${DEFAULT-VALUE}).", defaultValue = "1")
    private int threads;

    @Option(names = "--flip", description = "Poses: look at the mirrored picture as well, at twice the cost.")
    private boolean flip;

    @Option(names = "--everything", description = "Masks: of all there is, not of what the shipped detector finds.")
    private boolean everything;

    @Parameters(paramLabel = "INPUT", description = "Picture, folder or video.")
    private Path input;

    @Override
    public Integer call() {
        Looking.Manner manner = new Looking.Manner(threads, score, flip, everything);
        try (Looking looking = Looking.open(model, Optional.ofNullable(weights), manner);
                Overlays target = overlays == null ? Overlays.none() : Overlays.to(overlays)) {
            Inference.run(looking, input, target, Math.max(1, every), most, System.out);
        }
        return 0;
    }
}
