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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import sightline.kernels.cuda.CudaDevice;
import sightline.kernels.cuda.CudaPictures;
import sightline.kernels.cuda.CudaSession;
import sightline.kernels.engine.CompileOptions;
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
import sightline.operators.efficientvit.BoxDecoder;
import sightline.operators.efficientvit.EfficientVit;
import sightline.operators.efficientvit.Variant;

/**
 * How many cameras of 30 pictures a second one GPU detects for: each camera's schedule is fixed and ages count from the
 * planned exposure, so waiting is not hidden. Batches are of what is newest; boxes are decoded and suppressed here. Without
 * {@code jpeg=} a picture arrives as a float32 tensor in host memory and is copied to pinned memory; with it, as a JPEG file
 * of 1920x1080 that nvJPEG and our kernel turn into the tensor on the device. No Kafka, no fusion; random weights, with a
 * threshold that leaves 200 candidates a picture. Arguments: variant, side, batch, seconds a step, {@code jpeg=FOLDER},
 * {@code jpeg=drawn} for pictures of the plaza drawn here, or nothing, camera counts.
 */
public final class GpuStreams {
    private static final String DRAWN = "drawn";
    private static final int PICTURES = 48;
    private static final int LANES = 3;
    private static final int CANDIDATES = 200;
    private static final int[] STRIDES = {8, 16, 32};

    private GpuStreams() {}

    /** What a lane does with a batch: the network's outputs for pictures by their numbers. */
    private interface Lane extends AutoCloseable {
        Map<String, Tensor> run(int[] pictures);

        @Override
        void close();
    }

    public static void main(String[] arguments) throws InterruptedException, IOException {
        Variant variant = Variant.valueOf(arguments[0]);
        int side = Integer.parseInt(arguments[1]);
        int batch = Integer.parseInt(arguments[2]);
        int seconds = Integer.parseInt(arguments[3]);
        boolean jpeg = arguments[4].startsWith("jpeg=");
        Graph graph = EfficientVit.detection(variant, Shape.of(batch, 3, side, side));
        Weights weights = RandomWeights.of(graph, 7, Arena.ofAuto(), 1);
        TunedEngine.once(graph, weights);
        Supplier<Lane> lanes;
        if (jpeg) {
            List<ByteBuffer> files = files(arguments[4].substring("jpeg=".length()));
            lanes = () -> jpegLane(graph, weights, files, side);
            System.out.println(files.size() + " JPEG files, " + agreement(graph, weights, files, side));
        } else {
            Tensor[] pictures = pictures(side);
            lanes = () -> tensorLane(graph, weights, pictures);
        }
        try (CudaDevice device = CudaDevice.open(0)) {
            System.out.println(device.facts().name() + ", " + variant + " " + side + ", batches of up to " + batch);
        }
        System.out.printf(
                "%8s %10s %10s %10s %8s %8s %8s %8s %9s%n",
                "cameras", "taken", "detected", "superseded", "done %", "p50 ms", "p95 ms", "p99 ms", "busy %");
        for (String count : Arrays.asList(arguments).subList(jpeg ? 5 : 4, arguments.length)) {
            step(lanes, side, batch, seconds, Integer.parseInt(count));
        }
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

    private static Placement placement(int side) {
        return Placement.fit(1920, 1080, side, side);
    }

    /** Each lane has its own stream, so that one decodes while another computes. */
    private static Lane tensorLane(Graph graph, Weights weights, Tensor[] pictures) {
        CudaDevice device = CudaDevice.open(0);
        CudaSession session = TunedEngine.half(device).compile(graph, weights, CompileOptions.DEFAULT);
        Tensor input = session.input(EfficientVit.IMAGE);
        long each = pictures[0].bytes();
        Map<String, Tensor> inputs = Map.of(EfficientVit.IMAGE, input);
        return new Lane() {
            @Override
            public Map<String, Tensor> run(int[] batch) {
                IntStream.range(0, batch.length)
                        .parallel()
                        .forEach(i -> MemorySegment.copy(
                                pictures[batch[i] % pictures.length].data(), 0, input.data(), i * each, each));
                return session.run(inputs);
            }

            @Override
            public void close() {
                session.close();
                device.close();
            }
        };
    }

    private static Lane jpegLane(Graph graph, Weights weights, List<ByteBuffer> files, int side) {
        CudaDevice device = CudaDevice.open(0);
        CudaSession session = TunedEngine.half(device).compile(graph, weights, CompileOptions.DEFAULT);
        CudaPictures feed = CudaPictures.open(session, placement(side), Resampling.TRIANGLE, Normalisation.IMAGENET);
        return new Lane() {
            @Override
            public Map<String, Tensor> run(int[] batch) {
                CudaPictures.Outcome outcome = feed.runJpegs(Arrays.stream(batch)
                        .mapToObj(i -> files.get(i % files.size()).duplicate())
                        .toList());
                if (!outcome.refused().isEmpty()) {
                    throw new IllegalStateException("refused: " + outcome.refused());
                }
                return outcome.outputs();
            }

            @Override
            public void close() {
                feed.close();
                session.close();
                device.close();
            }
        };
    }

    /** How far the network's answer to a JPEG file is from its answer to what Java's own decoder makes of it. */
    private static String agreement(Graph graph, Weights weights, List<ByteBuffer> files, int side) throws IOException {
        byte[] bytes = new byte[files.getFirst().remaining()];
        files.getFirst().duplicate().get(bytes);
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
        try (CudaDevice device = CudaDevice.open(0);
                CudaSession session = TunedEngine.half(device).compile(graph, weights, CompileOptions.DEFAULT);
                CudaPictures feed =
                        CudaPictures.open(session, placement(side), Resampling.TRIANGLE, Normalisation.IMAGENET)) {
            if (!feed.decodes()) {
                throw new IllegalStateException("nvJPEG is not on this machine");
            }
            float[] ours =
                    feed.run(List.of(TestData.pixels(image))).get("logits8").toFloats();
            CudaPictures.Outcome outcome =
                    feed.runJpegs(List.of(files.getFirst().duplicate()));
            float[] theirs = outcome.outputs().get("logits8").toFloats();
            // Batches are written whole; only the first picture was given.
            int one = ours.length
                    / Math.toIntExact(graph.inputs().get(EfficientVit.IMAGE).size(0));
            return String.format(
                    Locale.ROOT,
                    "decoded by %s, refused %s, logits at relative L2 %.1e from those of Java's decoder",
                    feed.decodesInHardware() ? "the card's JPEG engines" : "nvJPEG's kernels",
                    outcome.refused(),
                    Likeness.relative(Arrays.copyOf(theirs, one), Arrays.copyOf(ours, one)));
        }
    }

    private static Tensor[] pictures(int side) {
        return IntStream.range(0, PICTURES)
                .parallel()
                .mapToObj(i -> {
                    SplittableRandom random = new SplittableRandom(i);
                    Tensor picture = Tensor.allocate(Arena.ofAuto(), DType.F32, 3, side, side);
                    for (long k = 0; k < picture.size(); k++) {
                        picture.set(k, random.nextGaussian());
                    }
                    return picture;
                })
                .toArray(Tensor[]::new);
    }

    private static void step(Supplier<Lane> lanes, int side, int batch, int seconds, int cameras)
            throws InterruptedException {
        OpenLoop load = new OpenLoop(cameras, seconds);
        List<Thread> threads = new ArrayList<>();
        // While one lane's batch is on the device, another fills and a third decodes boxes.
        for (int lane = 0; lane < LANES; lane++) {
            threads.add(Thread.ofPlatform().start(() -> {
                try (Lane mine = lanes.get()) {
                    serve(mine, load, side, batch);
                }
            }));
        }
        load.run();
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println(load.report());
    }

    private static void serve(Lane lane, OpenLoop load, int side, int batch) {
        int[] first = IntStream.range(0, batch).toArray();
        BoxDecoder decoder = new BoxDecoder(threshold(lane.run(first), batch), 0.6, 100);
        for (int size = 1; size < batch; size *= 2) {
            lane.run(Arrays.copyOf(first, size));
        }
        load.ready(LANES);
        Placement placement = placement(side);
        for (List<OpenLoop.Exposure> taken = load.take(batch); !taken.isEmpty(); taken = load.take(batch)) {
            List<OpenLoop.Exposure> frames = taken;
            long began = System.nanoTime();
            Map<String, Tensor> out = lane.run(
                    frames.stream().mapToInt(OpenLoop.Exposure::picture).toArray());
            load.busy(System.nanoTime() - began);
            Map<String, float[]> maps = new HashMap<>();
            out.forEach((name, tensor) -> maps.put(name, tensor.toFloats()));
            IntStream.range(0, frames.size()).parallel().forEach(i -> {
                decoder.decode(levels(maps, side, i), placement);
                load.done(frames.get(i));
            });
        }
    }

    /** A picture's part of what came of a batch. */
    static List<BoxDecoder.Level> levels(Map<String, float[]> maps, int side, int picture) {
        List<BoxDecoder.Level> levels = new ArrayList<>();
        for (int stride : STRIDES) {
            int cells = side / stride;
            levels.add(new BoxDecoder.Level(
                    stride, cells, cells, maps.get("logits" + stride), maps.get("distances" + stride), picture));
        }
        return levels;
    }

    /** Random weights know no objects: the score that leaves some {@link #CANDIDATES} boxes a picture to suppress. */
    static double threshold(Map<String, Tensor> out, int batch) {
        float[] logits = {};
        for (int stride : STRIDES) {
            float[] level = out.get("logits" + stride).toFloats();
            int before = logits.length;
            logits = Arrays.copyOf(logits, before + level.length);
            System.arraycopy(level, 0, logits, before, level.length);
        }
        Arrays.sort(logits);
        double logit = logits[Math.max(0, logits.length - CANDIDATES * batch)];
        return Math.clamp(1 / (1 + Math.exp(-logit)), 1e-6, 1 - 1e-6);
    }

    /** Exposures on a fixed schedule; at most the newest of each camera waits. */
    static final class OpenLoop {
        record Exposure(int camera, int picture, long planned) {}

        private static final long PERIOD = 1_000_000_000L / 30;

        private final int cameras;
        private final int seconds;
        private final Map<Integer, Exposure> waiting = new LinkedHashMap<>();
        private final List<Long> ages = new ArrayList<>();
        private long taken;
        private long superseded;
        private long busy;
        private int ready;
        private boolean over;

        OpenLoop(int cameras, int seconds) {
            this.cameras = cameras;
            this.seconds = seconds;
        }

        synchronized void ready(int all) {
            ready++;
            notifyAll();
            while (ready < all) {
                pause();
            }
        }

        /** Plays the schedule; returns when it is over. */
        void run() {
            synchronized (this) {
                while (ready < LANES) {
                    pause();
                }
            }
            long start = System.nanoTime();
            long exposures = 30L * seconds * cameras;
            for (long k = 0; k < exposures; k++) {
                long planned = start + k * PERIOD / cameras;
                while (System.nanoTime() < planned) {
                    Thread.onSpinWait();
                }
                int camera = (int) (k % cameras);
                synchronized (this) {
                    taken++;
                    if (waiting.put(camera, new Exposure(camera, (int) (k * 7 % 1_000_003), planned)) != null) {
                        superseded++;
                    }
                    notifyAll();
                }
            }
            synchronized (this) {
                over = true;
                notifyAll();
            }
        }

        /** The exposures that have waited longest, none once all is over. */
        synchronized List<Exposure> take(int most) {
            while (waiting.isEmpty() && !over) {
                pause();
            }
            List<Exposure> batch = waiting.values().stream().limit(most).toList();
            batch.forEach(e -> waiting.remove(e.camera()));
            return batch;
        }

        /** Callers ask their condition again. */
        @SuppressWarnings("WaitNotInLoop")
        private void pause() {
            try {
                wait();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }

        synchronized void busy(long nanos) {
            busy += nanos;
        }

        synchronized void done(Exposure exposure) {
            ages.add(System.nanoTime() - exposure.planned());
        }

        synchronized String report() {
            long[] sorted = ages.stream().mapToLong(Long::longValue).sorted().toArray();
            String ledger = taken == sorted.length + superseded ? "" : "  LEDGER UNBALANCED";
            return String.format(
                    Locale.ROOT,
                    "%8d %10d %10d %10d %8.2f %8.2f %8.2f %8.2f %9.1f%s",
                    cameras,
                    taken,
                    sorted.length,
                    superseded,
                    100.0 * sorted.length / taken,
                    sorted[sorted.length / 2] / 1e6,
                    sorted[(int) (sorted.length * 0.95)] / 1e6,
                    sorted[(int) (sorted.length * 0.99)] / 1e6,
                    busy / 1e7 / seconds,
                    ledger);
        }
    }
}
