package sightline.pipeline.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sightline.kernels.onnx.OnnxExport;
import sightline.kernels.weights.WeightCheck;
import sightline.kernels.weights.WeightFiles;
import sightline.kernels.weights.WeightListing;
import sightline.kernels.weights.Weights;
import sightline.pipeline.infer.Catalogue;

/** {@code sightline weights}: what is in a weights file, and the same in another form. Nothing in a file is executed. */
@Command(
        name = "weights",
        description = "Fetches, inspects, verifies, converts and exports weights.",
        mixinStandardHelpOptions = true,
        subcommands = {
            WeightsFetch.class,
            WeightsCommand.Inspect.class,
            WeightsCommand.Verify.class,
            WeightsCommand.Convert.class,
            WeightsCommand.Export.class
        })
final class WeightsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private static Catalogue.Entry model(String name) {
        return Catalogue.find(name)
                .orElseThrow(
                        () -> new IllegalArgumentException("there is no model " + name + "; see sightline models"));
    }

    @Command(
            name = "inspect",
            description = "Lists tensors, types, shapes and ranges.",
            mixinStandardHelpOptions = true)
    static final class Inspect implements Callable<Integer> {
        @Parameters(paramLabel = "FILE")
        private Path file;

        @Override
        public Integer call() {
            try (Weights weights = WeightFiles.open(file)) {
                WeightListing listing = WeightListing.of(weights);
                listing.entries().forEach(System.out::println);
                System.out.println(listing.summary());
                System.out.println("sha-256 " + WeightFiles.sha256(file));
            }
            return 0;
        }
    }

    @Command(
            name = "verify",
            description = "Checks that a file has exactly the parameters of a model, all finite.",
            mixinStandardHelpOptions = true)
    static final class Verify implements Callable<Integer> {
        @Option(names = "--model", required = true)
        private String model;

        @Parameters(paramLabel = "FILE")
        private Path file;

        @Override
        public Integer call() {
            try (Weights weights = WeightFiles.open(file)) {
                WeightCheck.verify(model(model).usual(), weights, true, true);
                System.out.println(file + " fits " + model);
            }
            return 0;
        }
    }

    @Command(name = "convert", description = "Writes a file as safetensors.", mixinStandardHelpOptions = true)
    static final class Convert implements Callable<Integer> {
        @Option(names = "--half", description = "Store matrices and kernels in half precision.")
        private boolean half;

        @Parameters(index = "0", paramLabel = "FROM")
        private Path from;

        @Parameters(index = "1", paramLabel = "TO")
        private Path to;

        @Override
        public Integer call() {
            WeightFiles.convert(from, to, half);
            return 0;
        }
    }

    @Command(
            name = "export",
            description = "Writes a model with its weights as ONNX, for other tools.",
            mixinStandardHelpOptions = true)
    static final class Export implements Callable<Integer> {
        @Option(names = "--model", required = true)
        private String model;

        @Option(names = "--onnx", required = true, description = "The file to write.")
        private Path onnx;

        @Parameters(paramLabel = "WEIGHTS")
        private Path file;

        @Override
        public Integer call() {
            try (Weights weights = WeightFiles.open(file)) {
                OnnxExport.write(model(model).usual(), weights, onnx);
            }
            return 0;
        }
    }
}
