package sightline.operators.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import sightline.kernels.cuda.CudaDevice;
import sightline.kernels.cuda.CudaSession;
import sightline.kernels.cuda.RunTimes;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.PendingRun;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Shape;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.vision.Placement;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;
import sightline.operators.efficientvit.BoxDecoder;
import sightline.operators.efficientvit.EfficientVit;
import sightline.operators.efficientvit.Variant;

/**
 * A detector with random weights on the first GPU, as the measurements of cameras use it: batches are begun on the calling
 * thread, one while the one before is at work; boxes are found on the device and read on other threads.
 */
final class ServedDetector implements AutoCloseable {
    /** Boxes a picture that are left to suppress. */
    private static final int CANDIDATES = 200;

    private static final int FINISHERS = 2;
    private static final int WARM_UP = 6;
    private static final int[] STRIDES = {8, 16, 32};

    private final CudaDevice device = CudaDevice.open(0);
    private final CudaSession session;
    private final Placement placement;
    private final int batch;
    private final BoxDecoder decoder;
    private final Queue<float[]> spare = new ConcurrentLinkedQueue<>();

    /** Begins a run of the pictures of these numbers. */
    interface Begin {
        PendingRun of(CudaSession session, int[] pictures);
    }

    /**
     * @param placement of every picture in the network's input
     * @param begin shows it what it is going to see, so that the least score leaves a few boxes a picture, of which random
     *     weights know none
     */
    ServedDetector(Variant variant, Placement placement, int batch, Begin begin) {
        this.placement = placement;
        this.batch = batch;
        Shape image = Shape.of(batch, 3, placement.inputHeight(), placement.inputWidth());
        Graph maps = EfficientVit.detection(variant, image);
        Weights weights = RandomWeights.of(maps, 7, Arena.ofAuto(), 1);
        int[] first = IntStream.range(0, batch).toArray();
        try (CudaSession scores = TunedEngine.half(device).compile(maps, weights, CompileOptions.DEFAULT);
                PendingRun run = begin.of(scores, first)) {
            decoder = new BoxDecoder(threshold(run.outputs().orElseThrow(), batch), 0.6, 100);
        }
        session = TunedEngine.half(device)
                .compile(EfficientVit.detector(variant, image, decoder), weights, CompileOptions.DEFAULT);
        long began = System.nanoTime();
        for (int i = 0; i < WARM_UP; i++) {
            try (PendingRun run = begin.of(session, first)) {
                if (run.outputs().isEmpty()) {
                    throw new IllegalStateException("the device was lost");
                }
            }
        }
        System.out.printf("%d batches to warm up took %.1f s%n", WARM_UP, (System.nanoTime() - began) / 1e9);
    }

    CudaDevice device() {
        return device;
    }

    CudaSession session() {
        return session;
    }

    Placement placement() {
        return placement;
    }

    int batch() {
        return batch;
    }

    /** Device, kernels, and what the network takes by itself. */
    String described() {
        float[] times = session.time(60, false);
        Arrays.sort(times);
        double each = times[times.length / 2] / batch;
        return String.format(
                Locale.ROOT,
                "%s, %d kernels, batches of up to %d in %.3f ms (median of 60): %.0f pictures a second, %.1f cameras",
                device.facts().name(),
                session.launchCount(),
                batch,
                times[times.length / 2],
                1e3 / each,
                1e3 / each / CameraLedger.RATE);
    }

    /** The score that leaves some {@link #CANDIDATES} boxes a picture to suppress. */
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

    /**
     * Serves until nothing more comes.
     *
     * @param take up to a batch of what is newest; none at the end
     * @param detected told, on any thread, of each picture whose boxes are known
     * @param failed told of batches that were not computed
     */
    <S> void serve(
            Supplier<List<S>> take,
            Function<List<S>, PendingRun> begin,
            Consumer<S> detected,
            BiConsumer<List<S>, RuntimeException> failed) {
        try (ExecutorService finishers = Executors.newFixedThreadPool(FINISHERS)) {
            for (List<S> taken = take.get(); !taken.isEmpty(); taken = take.get()) {
                List<S> shots = taken;
                PendingRun run = begin.apply(shots);
                finishers.execute(() -> finish(shots, run, detected, failed));
                session.awaitTurn();
            }
        }
    }

    private <S> void finish(
            List<S> shots, PendingRun run, Consumer<S> detected, BiConsumer<List<S>, RuntimeException> failed) {
        float[] kept = spare.poll();
        try {
            float[] rows;
            try (run) {
                Tensor boxes = run.outputs().orElseThrow().get(EfficientVit.BOXES);
                rows = kept == null ? new float[Math.toIntExact(boxes.size())] : kept;
                MemorySegment.copy(boxes.data(), ValueLayout.JAVA_FLOAT_UNALIGNED, 0, rows, 0, rows.length);
            }
            for (int i = 0; i < shots.size(); i++) {
                decoder.decode(rows, i, placement);
                detected.accept(shots.get(i));
            }
            spare.add(rows);
        } catch (RuntimeException failure) {
            failed.accept(shots, failure);
        }
    }

    /** Where the time of the runs since then went, one line. */
    String since(RunTimes before, double seconds) {
        RunTimes now = session.times();
        long runs = now.runs() - before.runs();
        return String.format(
                Locale.ROOT,
                "         %d batches; until on the device %.2f ms, waiting there %.2f, network %.2f, back %.2f; network busy %.1f %%",
                runs,
                part(now.preparing(), now, before.preparing(), before),
                part(now.waiting(), now, before.waiting(), before),
                part(now.computing(), now, before.computing(), before),
                part(now.copying(), now, before.copying(), before),
                (now.computed() - before.computed()) / 10 / seconds);
    }

    private static double part(double mean, RunTimes now, double meanBefore, RunTimes before) {
        return (mean * now.runs() - meanBefore * before.runs()) / Math.max(1, now.runs() - before.runs());
    }

    @Override
    public void close() {
        session.close();
        device.close();
    }
}
