package sightline.pipeline.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sightline.operators.depict.PairShards;
import sightline.operators.depict.PairSource;
import sightline.sensors.decode.JpegEncoder;

/** {@code sightline depict}: what depictors need apart from a running pipeline. */
@Command(
        name = "depict",
        description = "Material for depictors.",
        mixinStandardHelpOptions = true,
        subcommands = DepictCommand.Pairs.class)
final class DepictCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(
            name = "pairs",
            description = "Writes training pairs (brief, layout raster, frame) from simulated plazas, in shards.",
            mixinStandardHelpOptions = true)
    static final class Pairs implements Callable<Integer> {
        private static final int JPEG_QUALITY = 90;

        @Option(names = "--out", required = true, description = "Directory of the shards.")
        private Path out;

        @Option(names = "--pairs", description = "How many (default ${DEFAULT-VALUE}).", defaultValue = "1000")
        private int pairs;

        @Option(names = "--shard", description = "Pairs of a shard (default ${DEFAULT-VALUE}).", defaultValue = "250")
        private int shard;

        @Option(names = "--seed", description = "Of the first plaza (default ${DEFAULT-VALUE}).", defaultValue = "1")
        private long seed;

        @Option(names = "--width", description = "Of the frames (default ${DEFAULT-VALUE}).", defaultValue = "640")
        private int width;

        @Override
        public Integer call() throws Exception {
            if (pairs < 1 || shard < 1) {
                throw new IllegalArgumentException("--pairs and --shard are at least 1");
            }
            PairShards.write(out, shard, new PairSource(seed, width, JpegEncoder.best(JPEG_QUALITY)).pairs(pairs));
            System.out.println(pairs + " pairs in " + Math.ceilDiv(pairs, shard) + " shards in " + out);
            return 0;
        }
    }
}
