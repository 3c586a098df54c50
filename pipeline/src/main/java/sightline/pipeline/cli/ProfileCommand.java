package sightline.pipeline.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sightline.kernels.cuda.Card;
import sightline.kernels.cuda.CudaDevice;
import sightline.kernels.cuda.CudaEngine;
import sightline.kernels.cuda.NetworkProfile;
import sightline.kernels.cuda.Storage;
import sightline.kernels.cuda.TileCache;
import sightline.kernels.cuda.driver.DriverStatus;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Shape;
import sightline.kernels.train.TrainableNetwork;
import sightline.pipeline.infer.Catalogue;

/** {@code sightline profile}: where a network's time goes on a GPU, or where it would go. */
@Command(
        name = "profile",
        description = {
            "Tells of every kernel of a network on a GPU its layer, FLOP, bytes and the least time that a card allows;",
            "on a machine with an NVIDIA GPU also the time that it takes and its share of the roofline."
        },
        mixinStandardHelpOptions = true)
final class ProfileCommand implements Callable<Integer> {
    @Option(names = "--model", required = true, description = "Name as in sightline models.")
    private String model;

    @Option(names = "--height", description = "Of the input, in pixels: the model's own by default.")
    private int height;

    @Option(names = "--width", description = "Of the input, in pixels: the model's own by default.")
    private int width;

    @Option(names = "--batch", defaultValue = "1", description = "(default ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--storage",
            defaultValue = "FLOAT16",
            description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
    private Storage storage;

    @Option(names = "--training", description = "A training step, forward and backward, in float32.")
    private boolean training;

    @Option(
            names = "--card",
            defaultValue = "H100",
            description = "Whose ceilings: ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
    private Card card;

    @Option(
            names = "--tune",
            description =
                    "Tries which kernels are the fastest here, and keeps that for the next time, as sightline run does.")
    private boolean tune;

    @Option(names = "--lines", defaultValue = "40", description = "Kernels one by one (default ${DEFAULT-VALUE}).")
    private int lines;

    @Override
    public Integer call() {
        Catalogue.Entry entry = Catalogue.find(model)
                .orElseThrow(() ->
                        new IllegalArgumentException("there is no model " + model + "; sightline models lists all"));
        Shape image = Shape.of(batch, 3, height > 0 ? height : entry.height(), width > 0 ? width : entry.width());
        Graph network = entry.graph().apply(image);
        Graph graph = training ? TrainableNetwork.of(network).joint() : network;
        Storage kept = training ? Storage.FLOAT32 : storage;
        System.out.println(card.described());
        DriverStatus driver = CudaEngine.available();
        if (driver.ready()) {
            try (CudaDevice device = CudaDevice.open(0)) {
                System.out.println(device.facts());
                Optional<TileCache> tiles = tune ? TileCache.configured(System.out::println) : Optional.empty();
                NetworkProfile.measured(new CudaEngine(device, kept, tiles), graph)
                        .print(System.out, card, lines);
            }
        } else {
            System.out.println("Planned, not measured: " + driver.sentence());
            NetworkProfile.planned(graph, kept).print(System.out, card, lines);
        }
        return 0;
    }
}
