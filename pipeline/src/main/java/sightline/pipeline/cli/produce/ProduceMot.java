package sightline.pipeline.cli.produce;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.Origin;
import sightline.pipeline.cli.ClusterOptions;
import sightline.sensors.dataset.MotSequence;
import sightline.sensors.decode.JpegEncoder;
import sightline.sensors.source.CameraStamp;
import sightline.sensors.source.Source;

/** {@code sightline produce mot}: a MOT sequence as a camera. */
@Command(
        name = "mot",
        description = "Publishes the frames of a MOT sequence as a camera, and its truth where it has places.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ProduceMot implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FOLDER", description = "Holds seqinfo.ini.")
    private Path folder;

    @Mixin
    private CameraName name;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private StartOption start;

    @Mixin
    private FlowOptions flow;

    @Override
    public Integer call() throws Exception {
        flow.startingAt(start);
        String camera = name.of(folder);
        MotSequence sequence = MotSequence.open(folder);
        try (Producing producing =
                new Producing(cluster.bootstrapServers(), OneCamera.site(camera), Origin.REPLAY, flow)) {
            long first = start.nanos(producing.time());
            Source<EncodedFrame> frames = sequence.frames(
                            CameraStamp.replay(camera, producing.time().nanos()),
                            first,
                            JpegEncoder.best(90),
                            Schedulers.boundedElastic())
                    .orElseThrow(() -> new IllegalArgumentException("sequence " + sequence.name()
                            + " has no pictures; produce video publishes it where it comes as a video"));
            producing.frames(frames, Origin.REPLAY);
            producing.truth(Flux.fromIterable(sequence.truth(first)));
            return producing.run(spec.commandLine().getOut());
        }
    }
}
