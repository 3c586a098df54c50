package sightline.operators.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import sightline.config.domain.Skeleton;
import sightline.kernels.cuda.CudaBenchmark;
import sightline.kernels.cuda.CudaDevice;
import sightline.kernels.cuda.GemmBenchmark;
import sightline.kernels.cuda.Storage;
import sightline.kernels.cuda.TileCache;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Shape;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.train.TrainableNetwork;
import sightline.operators.efficientvit.BoxDecoder;
import sightline.operators.efficientvit.EfficientVit;
import sightline.operators.efficientvit.Segmenter;
import sightline.operators.efficientvit.Variant;
import sightline.operators.litepose.LitePose;
import sightline.operators.litepose.Size;
import sightline.operators.sam.ImageEncoder;
import sightline.operators.sam.Sam;

/** Times the perception networks on the first GPU. Arguments: names to run, none for all; {@code profile:NAME} details one, {@code profile} all;
 * {@code product} times large matrix products, {@code finding} boxes and peaks found on the device; {@code step:NAME} details a training step in float32, {@code mixed:NAME} in mixed precision, {@code coat:NAME} with activations kept in eight bits. {@code tune=1} anywhere tries which kernels are the fastest and keeps that ({@link TileCache}). */
public final class GpuBench {
    /** How names of training steps begin. */
    private static final List<String> STEPS = List.of("step:", "mixed:", "coat:");

    private GpuBench() {}

    public static void main(String[] all) {
        String[] arguments = Stream.of(all).filter(a -> !a.startsWith("tune=")).toArray(String[]::new);
        Optional<TileCache> tiles =
                List.of(all).contains("tune=1") ? TileCache.configured(System.out::println) : Optional.empty();
        Map<String, Supplier<Graph>> networks = networks();
        try (CudaDevice device = CudaDevice.open(0)) {
            CudaBenchmark bench = new CudaBenchmark(device, tiles, System.out);
            System.out.println(device.facts());
            bench.heads();
            List<String> names = arguments.length == 0 ? List.copyOf(networks.keySet()) : List.of(arguments);
            if (names.equals(List.of("profile"))) {
                names = networks.keySet().stream().map("profile:"::concat).toList();
            }
            if (names.equals(List.of("product"))) {
                GemmBenchmark.run(device, 8192, System.out);
                return;
            }
            if (names.equals(List.of("finding"))) {
                finding(bench);
                return;
            }
            for (String name : names) {
                String network = name.substring(name.indexOf(':') + 1);
                if (STEPS.contains(name.substring(0, name.indexOf(':') + 1))) {
                    System.out.println(name);
                    TrainableNetwork exact =
                            TrainableNetwork.of(steps().get(network).get());
                    boolean coat = name.startsWith("coat:");
                    Storage storage = name.startsWith("mixed:") ? Storage.MIXED : Storage.FLOAT32;
                    bench.step((coat ? exact.withFp8Activations() : exact).joint(), storage, 25);
                    continue;
                }
                Graph graph = networks.get(network).get();
                if (name.startsWith("profile:")) {
                    bench.profile(graph, 40);
                } else {
                    bench.network(network, graph);
                }
            }
        }
    }

    /** As many boxes as a crowd has, see {@link ServedDetector#threshold}; heat and joints that are sought everywhere. */
    private static void finding(CudaBenchmark bench) {
        Shape small = Shape.of(32, 3, 416, 416);
        bench.finding(
                "det-b0 416 b32",
                EfficientVit.detection(Variant.B0, small),
                maps -> EfficientVit.detector(Variant.B0, small, decoder(maps, 32)));
        Shape large = Shape.of(16, 3, 640, 640);
        bench.finding(
                "det-l2 640 b16",
                EfficientVit.detection(Variant.L2, large),
                maps -> EfficientVit.detector(Variant.L2, large, decoder(maps, 16)));
        Shape people = Shape.of(16, 3, 448, 448);
        bench.finding(
                "litepose-m 448 b16",
                LitePose.graph(Size.M, Skeleton.CROWDPOSE_14, people),
                maps -> LitePose.looking(Size.M, Skeleton.CROWDPOSE_14, people));
    }

    private static BoxDecoder decoder(Map<String, Tensor> maps, int batch) {
        return new BoxDecoder(ServedDetector.threshold(maps, batch), 0.6, 100);
    }

    private static Map<String, Supplier<Graph>> steps() {
        return Map.of(
                "litepose-xs 256 b32", () -> LitePose.graph(Size.XS, Skeleton.CROWDPOSE_14, Shape.of(32, 3, 256, 256)),
                "det-b0 416 b32", () -> detection(32),
                "det-b0 416 b64", () -> detection(64));
    }

    static Map<String, Supplier<Graph>> networks() {
        Map<String, Supplier<Graph>> all = new LinkedHashMap<>();
        all.put("seg-b0 1024x2048 b1", () -> segmentation(Variant.B0));
        all.put("seg-l1 1024x2048 b1", () -> segmentation(Variant.L1));
        all.put("det-b0 416 b1", () -> detection(1));
        all.put("det-b0 416 b32", () -> detection(32));
        all.put("litepose-m 448 b1", () -> pose(1));
        all.put("litepose-m 448 b16", () -> pose(16));
        all.put("cls-b1 224 b1", () -> classification(Variant.B1, 1));
        all.put("cls-b1 224 b64", () -> classification(Variant.B1, 64));
        all.put("sam-l0 512 b1", () -> encoder(Sam.L0, 1));
        all.put("sam-l0 512 b16", () -> encoder(Sam.L0, 16));
        all.put("sam-l2 512 b16", () -> encoder(Sam.L2, 16));
        // What others publish throughput of, and what many cameras run on.
        for (Variant variant : List.of(Variant.B0, Variant.B1, Variant.L1, Variant.L2)) {
            String name = "cls-" + variant.name().toLowerCase(Locale.ROOT) + " 224 b256";
            all.put(name, () -> classification(variant, 256));
        }
        all.put("det-l2 640 b16", () -> EfficientVit.detection(Variant.L2, Shape.of(16, 3, 640, 640)));
        return all;
    }

    private static Graph segmentation(Variant variant) {
        return EfficientVit.segmentation(variant, Segmenter.Labels.CITYSCAPES, Shape.of(1, 3, 1024, 2048));
    }

    private static Graph detection(int batch) {
        return EfficientVit.detection(Variant.B0, Shape.of(batch, 3, 416, 416));
    }

    private static Graph classification(Variant variant, int batch) {
        return EfficientVit.classification(variant, Shape.of(batch, 3, 224, 224), 1000);
    }

    private static Graph pose(int batch) {
        return LitePose.graph(Size.M, Skeleton.CROWDPOSE_14, Shape.of(batch, 3, 448, 448));
    }

    private static Graph encoder(Sam size, int batch) {
        return ImageEncoder.graph(size, Shape.of(batch, 3, 512, 512), 64);
    }
}
