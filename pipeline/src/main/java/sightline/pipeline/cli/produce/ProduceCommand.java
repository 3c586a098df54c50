package sightline.pipeline.cli.produce;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sightline produce}: any source into Kafka. */
@Command(
        name = "produce",
        description = "Publishes a source to Kafka, until it ends or Ctrl-C.",
        mixinStandardHelpOptions = true,
        subcommands = {
            ProducePlaza.class,
            ProduceVideo.class,
            ProduceImages.class,
            ProduceCamera.class,
            ProduceMot.class,
            ProduceWildtrack.class,
            ProduceAutoferry.class
        },
        footer = {
            "",
            "  sightline produce plaza                        four simulated cameras and a radar",
            "  sightline produce video vtest.avi --fps 7      a recording, as if it were now",
            "  sightline produce camera rtsp://host/stream    a camera on the network"
        })
public final class ProduceCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
