package sightline.pipeline.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import sightline.kernels.graph.Graph;
import sightline.pipeline.infer.Catalogue;

/** {@code sightline models}: every network that can be built. */
@Command(
        name = "models",
        description = "Lists every network with its size and where its weights come from.",
        mixinStandardHelpOptions = true)
final class ModelsCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        System.out.printf(Locale.ROOT, "%-30s %14s %10s %12s  %s%n", "model", "parameters", "GMAC", "input", "weights");
        for (Catalogue.Entry entry : Catalogue.all()) {
            Graph graph = entry.usual();
            System.out.printf(
                    Locale.ROOT,
                    "%-30s %,14d %10.2f %12s  %s%n",
                    entry.name(),
                    graph.parameterCount(),
                    graph.macs() / 1e9,
                    entry.height() == 0 ? "prompts" : entry.width() + "x" + entry.height(),
                    entry.weights());
        }
        return 0;
    }
}
