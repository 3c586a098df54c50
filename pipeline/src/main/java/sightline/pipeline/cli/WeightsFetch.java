package sightline.pipeline.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sightline.kernels.weights.FetchedWeights;
import sightline.kernels.weights.WeightCheck;
import sightline.kernels.weights.WeightFetch;
import sightline.kernels.weights.WeightFiles;
import sightline.kernels.weights.WeightSource;
import sightline.kernels.weights.Weights;
import sightline.pipeline.infer.Catalogue;
import sightline.pipeline.infer.PublishedWeights;

/** {@code sightline weights fetch NAME}: brings official weights from their public home, or lists what there is. */
@Command(
        name = "fetch",
        description =
                "Brings official weights from their public home: resumed, checked, fitted. Without a name: a list.",
        mixinStandardHelpOptions = true)
final class WeightsFetch implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final double MEGABYTE = 1e6;

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "Name as in the list.")
    private String name;

    @Option(names = "--to", description = "Folder (default: ${DEFAULT-VALUE}).", defaultValue = ".")
    private Path folder;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (name == null) {
            list(out);
            return 0;
        }
        WeightSource source = PublishedWeights.find(name)
                .orElseThrow(() -> new IllegalArgumentException("nobody published weights of " + name
                        + " that are known here; sightline weights fetch lists those that are"));
        out.println(source.uri() + " (" + source.licence() + ")");
        out.flush();
        FetchedWeights fetched = bring(source);
        out.println(fetched.file() + ": sha-256 " + fetched.sha256() + ", "
                + switch (fetched.proof()) {
                    case KNOWN -> "the one that is known here";
                    case ANNOUNCED -> "the one that its home announces";
                    case NONE -> "compared with nothing, for its home publishes none";
                });
        fit(fetched, out);
        return 0;
    }

    private FetchedWeights bring(WeightSource source) {
        Progress progress = Progress.onTerminal();
        try {
            return new WeightFetch(PATIENCE)
                    .fetch(
                            source,
                            folder,
                            (bytes, of) -> progress.show(
                                    of.isPresent() ? (double) bytes / of.getAsLong() : Double.NaN, amount(bytes, of)));
        } finally {
            progress.done();
        }
    }

    private static String amount(long bytes, OptionalLong of) {
        return of.isPresent()
                ? String.format(Locale.ROOT, "%.1f of %.1f MB", bytes / MEGABYTE, of.getAsLong() / MEGABYTE)
                : String.format(Locale.ROOT, "%.1f MB", bytes / MEGABYTE);
    }

    /** SAM is two graphs over one file, so neither alone says what it must hold. */
    private void fit(FetchedWeights fetched, PrintWriter out) {
        Optional<Catalogue.Entry> model = Catalogue.find(name);
        if (model.isPresent()) {
            try (Weights weights = WeightFiles.open(fetched.file())) {
                WeightCheck.verify(model.get().usual(), weights, true, true);
                out.println(fetched.file() + " fits " + name);
            }
        }
    }

    private static void list(PrintWriter out) {
        out.printf(Locale.ROOT, "%-28s %-10s %9s  %-16s  %s%n", "name", "licence", "MB", "sha-256", "home");
        for (WeightSource source : PublishedWeights.all()) {
            out.printf(
                    Locale.ROOT,
                    "%-28s %-10s %9s  %-16s  %s%n",
                    source.name(),
                    source.licence(),
                    source.known()
                            .map(known -> String.format(Locale.ROOT, "%.1f", known.bytes() / MEGABYTE))
                            .orElse("-"),
                    source.known()
                            .map(known -> known.sha256().substring(0, 12) + "...")
                            .orElse(source.uri().getHost().equals("huggingface.co") ? "from its home" : "unpublished"),
                    source.uri());
        }
    }
}
