package sightline.operators.bench;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import reactor.core.Disposable;
import sightline.kernels.cuda.CudaDevice;
import sightline.kernels.cuda.CudaPictures;
import sightline.kernels.cuda.CudaSession;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Shape;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Placement;
import sightline.kernels.vision.Resampling;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;
import sightline.operators.efficientvit.BoxDecoder;
import sightline.operators.efficientvit.EfficientVit;
import sightline.operators.efficientvit.Variant;
import sightline.sensors.broker.BrokerOptions;
import sightline.sensors.broker.EmbeddedBroker;
import sightline.sensors.kafka.ConsumerProfile;
import sightline.sensors.kafka.Inbound;
import sightline.sensors.kafka.Intake;
import sightline.sensors.kafka.KafkaSink;
import sightline.sensors.kafka.KafkaSource;
import sightline.sensors.kafka.Outbound;
import sightline.sensors.kafka.TopicAdmin;
import sightline.sensors.kafka.TopicSpec;

/**
 * How many 1080p cameras of 30 pictures a second one GPU detects for through Kafka: JPEG files of the simulated plaza go to a
 * broker of this process on a fixed schedule, one partition a camera, and come back through the pipeline's own reader; nvJPEG
 * and the network run in three lanes, boxes are decoded and suppressed here. Ages count from the planned exposure to the
 * boxes; no fusion; random weights. Give the broker memory to write to with {@code -Djava.io.tmpdir=/dev/shm}. Arguments:
 * variant, side, batch, seconds a step, camera counts, and {@code confirm=SECONDS} to run the largest count again that met
 * the objective.
 */
public final class GpuKafkaStreams {
    private static final int LANES = 3;
    private static final long PERIOD = 1_000_000_000L / 30;
    private static final long WARM_UP = 3_000_000_000L;
    private static final String PLANNED = "planned";
    private static final String CONFIRM = "confirm=";
    /** What a count must meet: p99 from exposure to boxes, and the share that is looked at. */
    private static final double OBJECTIVE_MS = 100;

    private static final double OBJECTIVE_SHARE = 0.99;

    private final Graph graph;
    private final Weights weights;
    private final List<byte[]> files;
    private final int side;
    private final int batch;

    private record Arrival(int camera, long planned, Inbound record) {}

    private GpuKafkaStreams(Variant variant, int side, int batch, List<byte[]> files) {
        this.graph = EfficientVit.detection(variant, Shape.of(batch, 3, side, side));
        this.weights = RandomWeights.of(graph, 7, Arena.ofAuto(), 1);
        this.files = files;
        this.side = side;
        this.batch = batch;
    }

    public static void main(String[] arguments) throws Exception {
        Variant variant = Variant.valueOf(arguments[0]);
        List<byte[]> files = PlazaFiles.drawn();
        GpuKafkaStreams bench =
                new GpuKafkaStreams(variant, Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]), files);
        TunedEngine.once(bench.graph, bench.weights);
        System.out.printf(
                "%s %s, batches of up to %s, %d JPEG files of %d kB%n",
                variant,
                arguments[1],
                arguments[2],
                files.size(),
                files.stream().mapToInt(f -> f.length).sum() / files.size() / 1000);
        System.out.printf(
                "%8s %8s %10s %10s %10s %10s %10s %8s %8s %8s %8s%n",
                "cameras",
                "seconds",
                "sent",
                "behind",
                "received",
                "detected",
                "superseded",
                "done %",
                "p50 ms",
                "p95 ms",
                "p99 ms");
        BrokerOptions options = BrokerOptions.temporary()
                .with("num.network.threads", "6")
                .with("num.io.threads", "8")
                .with("log.retention.check.interval.ms", "1000");
        try (EmbeddedBroker broker = EmbeddedBroker.start(options)) {
            int best = 0;
            int confirm = 0;
            for (String argument : Arrays.asList(arguments).subList(4, arguments.length)) {
                if (argument.startsWith(CONFIRM)) {
                    confirm = Integer.parseInt(argument.substring(CONFIRM.length()));
                } else {
                    int cameras = Integer.parseInt(argument);
                    boolean met = bench.new Step(cameras, Integer.parseInt(arguments[3])).run(broker);
                    best = met ? Math.max(best, cameras) : best;
                }
            }
            if (confirm > 0 && best > 0) {
                bench.new Step(best, confirm).run(broker);
            }
        }
    }

    /** A number of cameras for a while. */
    private final class Step {
        private final int cameras;
        private final int seconds;
        private final String topic;
        private final Map<Integer, Arrival> waiting = new LinkedHashMap<>();
        private final List<Long> ages = new ArrayList<>();
        private final AtomicLong refused = new AtomicLong();
        private long sent;
        private long received;
        private long superseded;
        private int ready;
        private boolean over;
        private volatile long start = Long.MAX_VALUE;

        Step(int cameras, int seconds) {
            this.cameras = cameras;
            this.seconds = seconds;
            this.topic = "frames-" + cameras + "-" + seconds;
        }

        /** Whether the objective was met. */
        boolean run(EmbeddedBroker broker) throws InterruptedException {
            try (TopicAdmin admin = TopicAdmin.connect(broker.bootstrapServers())) {
                admin.createMissing(List.of(new TopicSpec(
                        topic,
                        cameras,
                        Map.of(
                                "segment.bytes", "16777216",
                                "retention.bytes", "33554432",
                                "file.delete.delay.ms", "1000"))));
            }
            List<Thread> lanes = new ArrayList<>();
            for (int i = 0; i < LANES; i++) {
                lanes.add(Thread.ofPlatform().start(() -> {
                    try {
                        serve();
                    } finally {
                        end();
                    }
                }));
            }
            synchronized (this) {
                while (ready < LANES) {
                    wait();
                }
            }
            KafkaSource source = KafkaSource.builder(broker.bootstrapServers())
                    .name(topic)
                    .intake(Intake.all(topic, Intake.newest()))
                    .profile(ConsumerProfile.video(1 << 20, cameras))
                    .maxInFlight(Math.max(64, 4 * cameras))
                    .build();
            try (KafkaSink sink = KafkaSink.to(broker.bootstrapServers(), topic)) {
                Disposable reading = source.records().subscribe(this::offer);
                play(sink);
                // What is still on its way is part of the account.
                long patience = System.nanoTime() + 3_000_000_000L;
                while (received() < sent - refused.get() && System.nanoTime() < patience) {
                    LockSupport.parkNanos(1_000_000);
                }
                end();
                for (Thread lane : lanes) {
                    lane.join();
                }
                reading.dispose();
            }
            System.out.println(report());
            try (TopicAdmin admin = TopicAdmin.connect(broker.bootstrapServers(), Duration.ofSeconds(30))) {
                admin.delete(List.of(topic));
            }
            return met();
        }

        /** Nothing more is taken; a lane that fails ends the others, and the account shows it. */
        private synchronized void end() {
            over = true;
            ready = LANES;
            notifyAll();
        }

        private synchronized long received() {
            return received;
        }

        /** The schedule; what is exposed in the first seconds is not counted. */
        private void play(KafkaSink sink) {
            long begin = System.nanoTime();
            start = begin + WARM_UP;
            long exposures = (30L * seconds + WARM_UP / PERIOD) * cameras;
            for (long k = 0; k < exposures; k++) {
                long planned = begin + k * PERIOD / cameras;
                while (System.nanoTime() < planned) {
                    Thread.onSpinWait();
                }
                int camera = (int) (k % cameras);
                Outbound frame = Outbound.keyed(topic, "cam-" + camera, System.currentTimeMillis(), files.get((int)
                                (k * 7 % files.size())))
                        .on(camera)
                        .with(PLANNED, Long.toString(planned));
                sent += planned >= start ? 1 : 0;
                sink.send(frame).subscribe(stored -> {}, failure -> refused.addAndGet(planned >= start ? 1 : 0));
            }
        }

        private void offer(Inbound record) {
            long planned = Long.parseLong(record.header(PLANNED).orElseThrow());
            Arrival older;
            synchronized (this) {
                if (over) {
                    record.discard();
                    return;
                }
                older = waiting.put(record.partition(), new Arrival(record.partition(), planned, record));
                received += planned >= start ? 1 : 0;
                superseded += older != null && older.planned >= start ? 1 : 0;
                notifyAll();
            }
            if (older != null) {
                older.record.discard();
            }
        }

        private synchronized List<Arrival> take() {
            while (waiting.isEmpty() && !over) {
                try {
                    wait();
                } catch (InterruptedException interrupted) {
                    throw new IllegalStateException(interrupted);
                }
            }
            List<Arrival> taken = waiting.values().stream().limit(batch).toList();
            taken.forEach(arrival -> waiting.remove(arrival.camera));
            return taken;
        }

        private synchronized void done(Arrival arrival) {
            if (arrival.planned >= start) {
                ages.add(System.nanoTime() - arrival.planned);
            }
        }

        private void serve() {
            Placement placement = Placement.fit(1920, 1080, side, side);
            try (CudaDevice device = CudaDevice.open(0);
                    CudaSession session = TunedEngine.half(device).compile(graph, weights, CompileOptions.DEFAULT);
                    CudaPictures feed =
                            CudaPictures.open(session, placement, Resampling.TRIANGLE, Normalisation.IMAGENET)) {
                List<byte[]> first = files.subList(0, batch);
                BoxDecoder decoder = new BoxDecoder(GpuStreams.threshold(look(feed, first), batch), 0.6, 100);
                for (int size = 1; size < batch; size *= 2) {
                    look(feed, first.subList(0, size));
                }
                synchronized (this) {
                    ready++;
                    notifyAll();
                }
                for (List<Arrival> frames = take(); !frames.isEmpty(); frames = take()) {
                    Map<String, float[]> maps = new HashMap<>();
                    look(feed, frames.stream().map(f -> f.record.value()).toList())
                            .forEach((name, tensor) -> maps.put(name, tensor.toFloats()));
                    List<Arrival> seen = frames;
                    IntStream.range(0, seen.size()).parallel().forEach(i -> {
                        decoder.decode(GpuStreams.levels(maps, side, i), placement);
                        done(seen.get(i));
                        seen.get(i).record.acknowledge();
                    });
                }
            }
        }

        private synchronized long[] sorted() {
            return ages.stream().mapToLong(Long::longValue).sorted().toArray();
        }

        private synchronized boolean met() {
            return at(sorted(), 0.99) <= OBJECTIVE_MS && ages.size() >= OBJECTIVE_SHARE * sent;
        }

        /** What the broker had not handed over when the count ended is behind; all that was received is accounted for. */
        private synchronized String report() {
            long[] sorted = sorted();
            long behind = sent - received - refused.get();
            boolean balanced = behind >= 0 && received == sorted.length + superseded;
            return String.format(
                    Locale.ROOT,
                    "%8d %8d %10d %10d %10d %10d %10d %8.2f %8.2f %8.2f %8.2f%s",
                    cameras,
                    seconds,
                    sent,
                    behind,
                    received,
                    sorted.length,
                    superseded,
                    100.0 * sorted.length / Math.max(1, sent),
                    at(sorted, 0.5),
                    at(sorted, 0.95),
                    at(sorted, 0.99),
                    balanced ? "" : "  LEDGER UNBALANCED");
        }
    }

    private static double at(long[] sorted, double share) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) (share * (sorted.length - 1))] / 1e6;
    }

    private static Map<String, Tensor> look(CudaPictures feed, List<byte[]> jpegs) {
        CudaPictures.Outcome outcome =
                feed.runJpegs(jpegs.stream().map(ByteBuffer::wrap).toList());
        if (!outcome.refused().isEmpty()) {
            throw new IllegalStateException("refused: " + outcome.refused());
        }
        return outcome.outputs();
    }
}
