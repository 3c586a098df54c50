package sightline.operators.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import sightline.kernels.cuda.CudaDevice;
import sightline.kernels.cuda.CudaEngine;
import sightline.kernels.cuda.CudaSession;
import sightline.kernels.cuda.Storage;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Shape;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.vision.Placement;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;
import sightline.operators.efficientvit.BoxDecoder;
import sightline.operators.efficientvit.EfficientVit;
import sightline.operators.efficientvit.Variant;

/**
 * How many cameras of 30 pictures a second one GPU detects for, without decoding: each camera's schedule is fixed and ages
 * count from the planned exposure, so waiting is not hidden. A picture arrives as a float32 tensor in host memory, is
 * copied to pinned memory, crosses the bus, runs in batches of what is newest, and its boxes are decoded and suppressed
 * here. No Kafka, no JPEG, no fusion; random weights, with a threshold that leaves 200 candidates a picture. Arguments: variant, side, batch, seconds a step, camera counts.
 */
public final class GpuStreams {
    private static final int PICTURES = 48;
    private static final int LANES = 3;
    private static final int CANDIDATES = 200;
    private static final int[] STRIDES = {8, 16, 32};

    private GpuStreams() {}

    public static void main(String[] arguments) throws InterruptedException {
        Variant variant = Variant.valueOf(arguments[0]);
        int side = Integer.parseInt(arguments[1]);
        int batch = Integer.parseInt(arguments[2]);
        int seconds = Integer.parseInt(arguments[3]);
        Graph graph = EfficientVit.detection(variant, Shape.of(batch, 3, side, side));
        Weights weights = RandomWeights.of(graph, 7, Arena.ofAuto(), 1);
        Tensor[] pictures = pictures(side);
        try (CudaDevice device = CudaDevice.open(0)) {
            System.out.println(device.facts().name() + ", " + variant + " " + side + ", batches of up to " + batch);
            System.out.printf(
                    "%8s %10s %10s %10s %8s %8s %8s %8s %9s%n",
                    "cameras", "taken", "detected", "superseded", "done %", "p50 ms", "p95 ms", "p99 ms", "busy %");
            for (String count : Arrays.asList(arguments).subList(4, arguments.length)) {
                step(device, graph, weights, pictures, side, batch, seconds, Integer.parseInt(count));
            }
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

    private static void step(
            CudaDevice device,
            Graph graph,
            Weights weights,
            Tensor[] pictures,
            int side,
            int batch,
            int seconds,
            int cameras)
            throws InterruptedException {
        OpenLoop load = new OpenLoop(cameras, seconds);
        List<Thread> lanes = new ArrayList<>();
        // While one lane's batch is on the device, another fills and a third decodes.
        for (int lane = 0; lane < LANES; lane++) {
            lanes.add(Thread.ofPlatform().start(() -> {
                try (CudaSession session =
                        new CudaEngine(device, Storage.FLOAT16).compile(graph, weights, CompileOptions.DEFAULT)) {
                    serve(session, load, pictures, side, batch);
                }
            }));
        }
        load.run();
        for (Thread lane : lanes) {
            lane.join();
        }
        System.out.println(load.report());
    }

    private static void serve(CudaSession session, OpenLoop load, Tensor[] pictures, int side, int batch) {
        Tensor input = session.input(EfficientVit.IMAGE);
        long each = pictures[0].bytes();
        Map<String, Tensor> inputs = Map.of(EfficientVit.IMAGE, input);
        for (int i = 0; i < batch; i++) {
            MemorySegment.copy(pictures[i % PICTURES].data(), 0, input.data(), i * each, each);
        }
        BoxDecoder decoder = new BoxDecoder(threshold(session.run(inputs), batch), 0.6, 100);
        load.ready(LANES);
        Placement placement = Placement.fit(1920, 1080, side, side);
        for (List<OpenLoop.Exposure> taken = load.take(batch); !taken.isEmpty(); taken = load.take(batch)) {
            List<OpenLoop.Exposure> frames = taken;
            IntStream.range(0, frames.size())
                    .parallel()
                    .forEach(i -> MemorySegment.copy(
                            pictures[frames.get(i).picture() % PICTURES].data(), 0, input.data(), i * each, each));
            long began = System.nanoTime();
            Map<String, Tensor> out = session.run(inputs);
            load.busy(System.nanoTime() - began);
            Map<String, float[]> maps = new HashMap<>();
            out.forEach((name, tensor) -> maps.put(name, tensor.toFloats()));
            IntStream.range(0, frames.size()).parallel().forEach(i -> {
                List<BoxDecoder.Level> levels = new ArrayList<>();
                for (int stride : STRIDES) {
                    int cells = side / stride;
                    levels.add(new BoxDecoder.Level(
                            stride, cells, cells, maps.get("logits" + stride), maps.get("distances" + stride), i));
                }
                decoder.decode(levels, placement);
                load.done(frames.get(i));
            });
        }
    }

    /** Random weights know no objects: the score that leaves some {@link #CANDIDATES} boxes a picture to suppress. */
    private static double threshold(Map<String, Tensor> out, int batch) {
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
                    if (waiting.put(camera, new Exposure(camera, (int) (k * 7 % PICTURES), planned)) != null) {
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
