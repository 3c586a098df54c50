package sightline.pipeline.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sightline.operators.depict.GateTrial;
import sightline.operators.depict.PerceptionReader;
import sightline.operators.depict.ReadBackGate;
import sightline.pipeline.infer.ShippedDetector;

/** {@code sightline bench gate}: right and wrong depictions, read back by the shipped networks. */
@Command(
        name = "gate",
        description = "How often the read-back gate tells right depictions from wrong ones, with the shipped networks.",
        mixinStandardHelpOptions = true)
final class BenchGate implements Callable<Integer> {
    @Option(names = "--cases", description = "Of each kind (default ${DEFAULT-VALUE}).", defaultValue = "200")
    private int cases;

    @Option(names = "--seed", description = "Of the groups (default ${DEFAULT-VALUE}).", defaultValue = "1")
    private long seed;

    @Option(names = "--width", description = "Of the pictures (default ${DEFAULT-VALUE}).", defaultValue = "960")
    private int width;

    @Option(names = "--fallen", description = "One of each group lies on the ground.")
    private boolean fallen;

    @Override
    public Integer call() {
        PerceptionReader reader = ShippedDetector.reader()
                .orElseThrow(() -> new IllegalStateException("no detector weights are shipped; see sightline models"));
        try (reader) {
            ReadBackGate gate = new ReadBackGate(reader, ReadBackGate.Tolerance.DEFAULT);
            GateTrial.Plan plan = new GateTrial.Plan(cases, seed, width, width * 9 / 16, fallen);
            System.out.println(reader.name() + ", pictures of " + plan.width() + "x" + plan.height());
            System.out.println("drawn     cases  gate right");
            new GateTrial(gate, plan)
                    .run()
                    .forEach((drawn, outcome) -> System.out.printf(
                            Locale.ROOT,
                            "%-8s %6d  %8.1f %%%n",
                            drawn.name().toLowerCase(Locale.ROOT),
                            outcome.cases(),
                            100 * outcome.share()));
        }
        return 0;
    }
}
