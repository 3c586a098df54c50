package sightline.operators.bench;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import sightline.config.domain.Pixels;
import sightline.kernels.cuda.CudaDevice;
import sightline.kernels.cuda.CudaEngine;
import sightline.kernels.cuda.CudaPictures;
import sightline.kernels.cuda.CudaSession;
import sightline.kernels.cuda.JpegBenchmark;
import sightline.kernels.cuda.RunTimes;
import sightline.kernels.cuda.Storage;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.PendingRun;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Shape;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Placement;
import sightline.kernels.vision.Resampling;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;
import sightline.operators.data.Likeness;
import sightline.operators.data.TestData;
import sightline.operators.efficientvit.EfficientVit;
import sightline.operators.efficientvit.Variant;

/**
 * How many cameras of 30 pictures a second one GPU detects and fuses for: each camera's schedule is fixed and ages count from
 * the planned exposure to the fused state, so waiting is not hidden. Batches are of what is newest; decoding, network and
 * copies overlap; boxes are found on the device. Without {@code jpeg=} a picture arrives as a float32 tensor in host
 * memory and is copied to pinned memory; with it, as a JPEG file of 1920x1080 that nvJPEG and our kernel turn into the tensor
 * on the device. No Kafka. Random weights, with a threshold that leaves 200 candidates a picture; since they see nothing,
 * fusion gets what the simulated crowd's camera saw ({@link CrowdFusion}).
 *
 * <p>Arguments: variant, the input's size ({@code 640}, or {@code 640x384} as the product has it for such cameras), batch,
 * seconds a step, {@code jpeg=FOLDER}, {@code jpeg=drawn} for pictures of the plaza drawn here, or nothing, camera counts,
 * where {@code 44@120} means forty-four for 120 seconds.
 * {@code best=16,20,24} instead of a batch only says what the network takes in batches of these; {@code decode} instead of
 * counts what it costs to decode the files, a line for each way of doing it, of so many seconds.
 */
public final class GpuStreams {
    private static final String BEST = "best=";
    private static final String DECODE = "decode";
    private static final String DRAWN = "drawn";
    private static final int PICTURES = 48;

    private GpuStreams() {}

    public static void main(String[] arguments) throws InterruptedException, IOException {
        Variant variant = Variant.valueOf(arguments[0]);
        Placement placement = placement(arguments[1]);
        System.out.println("Det on " + variant + " " + arguments[1]);
        if (arguments[2].startsWith(BEST)) {
            ServedDetector.Begin begin = tensors(pictures(placement));
            for (String batch : arguments[2].substring(BEST.length()).split(",")) {
                try (ServedDetector detector = new ServedDetector(variant, placement, Integer.parseInt(batch), begin)) {
                    System.out.println(detector.described());
                }
            }
            return;
        }
        boolean jpeg = arguments.length > 4 && arguments[4].startsWith("jpeg=");
        List<ByteBuffer> files = jpeg ? files(arguments[4].substring("jpeg=".length())) : List.of();
        ServedDetector.Begin begin = jpeg ? jpegs(files, placement) : tensors(pictures(placement));
        try (ServedDetector detector = new ServedDetector(variant, placement, Integer.parseInt(arguments[2]), begin)) {
            System.out.println(detector.described());
            if (arguments[arguments.length - 1].equals(DECODE)) {
                new JpegBenchmark(
                                detector.device(),
                                detector.session(),
                                files.stream().<Pixels>map(JpegFile::new).toList(),
                                placement,
                                System.out)
                        .run(Double.parseDouble(arguments[3]));
                return;
            }
            if (jpeg) {
                System.out.println(files.size() + " JPEG files, " + agreement(variant, placement, files.getFirst()));
            }
            System.out.println(CameraLedger.HEADS);
            for (String count : Arrays.asList(arguments).subList(jpeg ? 5 : 4, arguments.length)) {
                step(detector, begin, Schedule.of(count, Integer.parseInt(arguments[3]), Schedule.WARM_UP));
            }
        }
    }

    /** Of pictures of 1920x1080 in an input of that size, a side or WIDTHxHEIGHT. */
    static Placement placement(String size) {
        String[] sides = size.split("x");
        return Placement.fit(1920, 1080, Integer.parseInt(sides[0]), Integer.parseInt(sides[sides.length - 1]));
    }

    private static List<ByteBuffer> files(String where) throws IOException {
        List<byte[]> files = where.equals(DRAWN) ? PlazaFiles.drawn() : new ArrayList<>();
        if (files.isEmpty()) {
            try (Stream<Path> names = Files.list(Path.of(where))) {
                for (Path name : names.sorted().toList()) {
                    files.add(Files.readAllBytes(name));
                }
            }
        }
        return files.stream()
                .map(bytes -> ByteBuffer.allocateDirect(bytes.length).put(bytes).flip())
                .toList();
    }

    private static Tensor[] pictures(Placement placement) {
        return IntStream.range(0, PICTURES)
                .parallel()
                .mapToObj(i -> {
                    SplittableRandom random = new SplittableRandom(i);
                    Tensor picture = Tensor.allocate(
                            Arena.ofAuto(), DType.F32, 3, placement.inputHeight(), placement.inputWidth());
                    for (long k = 0; k < picture.size(); k++) {
                        picture.set(k, random.nextGaussian());
                    }
                    return picture;
                })
                .toArray(Tensor[]::new);
    }

    private static ServedDetector.Begin tensors(Tensor[] pictures) {
        long each = pictures[0].bytes();
        return (session, batch) -> session.beginTensors(inputs -> {
                    MemorySegment input = inputs.get(EfficientVit.IMAGE).data();
                    IntStream.range(0, batch.length)
                            .parallel()
                            .forEach(i -> MemorySegment.copy(
                                    pictures[batch[i] % pictures.length].data(), 0, input, i * each, each));
                })
                .orElseThrow();
    }

    /** Begins with JPEG files by their numbers. */
    static ServedDetector.Begin jpegs(List<ByteBuffer> files, Placement placement) {
        return (session, batch) -> begin(
                session,
                Arrays.stream(batch).mapToObj(i -> files.get(i % files.size())).toList(),
                placement);
    }

    /** Begins with a batch of JPEG files. */
    static PendingRun begin(CudaSession session, List<ByteBuffer> files, Placement placement) {
        return session.beginPictures(
                        files.stream().<Pixels>map(JpegFile::new).toList(),
                        placement,
                        Resampling.TRIANGLE,
                        Normalisation.IMAGENET)
                .orElseThrow();
    }

    /** How far the network's answer to a JPEG file is from its answer to what Java's own decoder makes of it. */
    private static String agreement(Variant variant, Placement placement, ByteBuffer file) throws IOException {
        byte[] bytes = new byte[file.remaining()];
        file.duplicate().get(bytes);
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
        Graph graph = EfficientVit.detection(variant, Shape.of(1, 3, placement.inputHeight(), placement.inputWidth()));
        Weights weights = RandomWeights.of(graph, 7, Arena.ofAuto(), 1);
        try (CudaDevice device = CudaDevice.open(0);
                CudaSession session =
                        new CudaEngine(device, Storage.FLOAT16).compile(graph, weights, CompileOptions.DEFAULT);
                CudaPictures feed =
                        CudaPictures.open(session, placement, Resampling.TRIANGLE, Normalisation.IMAGENET)) {
            if (!feed.decodes()) {
                throw new IllegalStateException("nvJPEG is not on this machine");
            }
            float[] ours =
                    feed.run(List.of(TestData.pixels(image))).get("logits8").toFloats();
            CudaPictures.Outcome outcome = feed.runJpegs(List.of(file.duplicate()));
            return String.format(
                    Locale.ROOT,
                    "decoded by %s, refused %s, logits at relative L2 %.1e from those of Java's decoder",
                    feed.decodesInHardware() ? "the card's JPEG engines" : "nvJPEG's kernels",
                    outcome.refused(),
                    Likeness.relative(outcome.outputs().get("logits8").toFloats(), ours));
        }
    }

    private static void step(ServedDetector detector, ServedDetector.Begin begin, Schedule schedule)
            throws InterruptedException, IOException {
        CameraLedger<Integer> ledger = new CameraLedger<>();
        RunTimes before = detector.session().times();
        Held held = Held.now(detector.device());
        long began = System.nanoTime();
        try (CrowdFusion fusion = new CrowdFusion(schedule.cameras(), schedule.exposures())) {
            Thread player = Thread.ofPlatform().start(() -> {
                schedule.play((camera, number, planned, counted) -> {
                    if (counted) {
                        ledger.exposed();
                    }
                    int picture = (number * schedule.cameras() + camera) * 7 % 1_000_003;
                    ledger.arrive(new Shot<>(camera, number, planned, counted, picture, System.nanoTime()));
                });
                ledger.end();
            });
            began = System.nanoTime();
            detector.serve(
                    () -> ledger.take(detector.batch()),
                    shots -> begin.of(
                            detector.session(),
                            shots.stream().mapToInt(s -> s.picture).toArray()),
                    shot -> {
                        shot.detect();
                        fusion.fuse(shot.camera, shot.number, outcome -> ledger.fused(shot, outcome));
                    },
                    (shots, failure) -> {
                        ledger.failed(shots);
                        System.out.println("a batch failed: " + failure);
                    });
            player.join();
        }
        System.out.println(ledger.report(schedule));
        System.out.println(ledger.legs());
        System.out.println(detector.since(before, (System.nanoTime() - began) / 1e9));
        System.out.println(Held.now(detector.device()).since(held));
    }
}
