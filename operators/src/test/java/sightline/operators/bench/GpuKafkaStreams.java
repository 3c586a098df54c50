package sightline.operators.bench;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import sightline.kernels.cuda.RunTimes;
import sightline.kernels.vision.Placement;
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
 * How many 1080p cameras of 30 pictures a second one GPU detects and fuses for through Kafka: JPEG files of the simulated plaza
 * go to a broker of this process on a fixed schedule, one partition a camera, and come back through the pipeline's own reader.
 * Sixteen cameras share a sender, as many machines would send, and as many a reader, as processes of the pipeline share
 * cameras. Behind that all is as {@link GpuStreams} has it. Give the broker memory to write to with
 * {@code -Djava.io.tmpdir=/dev/shm}.
 *
 * <p>Arguments: variant, or {@code NONE} for broker and readers without a device; the input's size, batch, seconds a step;
 * camera counts, where {@code 50@60} means fifty for sixty seconds; {@code confirm=SECONDS} runs the largest count again that
 * met the objective, and the one below where that fails.
 */
public final class GpuKafkaStreams {
    private static final String CONFIRM = "confirm=";
    private static final String NONE = "NONE";
    private static final String PLANNED = "planned";
    private static final String SENT = "sent";
    private static final String NUMBER = "number";
    /** What a count must meet: p99 from exposure to the fused state, and the share of what nothing newer replaced. */
    private static final double OBJECTIVE_MS = 100;

    private static final double OBJECTIVE_SHARE = 0.99;
    /** Cameras of a sender, and of a reader. */
    private static final int SHARED = 16;

    /** What looks at the pictures. */
    private interface Eye {
        void serve(CameraLedger<Inbound> ledger, CrowdFusion fusion);

        /** One line about the time since it was asked last. */
        String account();
    }

    private final EmbeddedBroker broker;
    private final List<byte[]> files;
    private final Eye eye;
    private int steps;

    private GpuKafkaStreams(EmbeddedBroker broker, List<byte[]> files, Eye eye) {
        this.broker = broker;
        this.files = files;
        this.eye = eye;
    }

    public static void main(String[] arguments) throws Exception {
        List<byte[]> files = PlazaFiles.drawn();
        System.out.printf(
                "%s %s, %d JPEG files of %d kB%n",
                arguments[0],
                arguments[1],
                files.size(),
                files.stream().mapToInt(f -> f.length).sum() / files.size() / 1000);
        List<String> counts = Arrays.asList(arguments).subList(4, arguments.length);
        BrokerOptions options = BrokerOptions.temporary()
                .with("num.network.threads", "4")
                .with("num.io.threads", "4")
                .with("log.retention.check.interval.ms", "1000");
        try (EmbeddedBroker broker = EmbeddedBroker.start(options)) {
            if (arguments[0].equals(NONE)) {
                new GpuKafkaStreams(broker, files, blind()).run(counts, Integer.parseInt(arguments[3]));
                return;
            }
            Placement placement = GpuStreams.placement(arguments[1]);
            try (ServedDetector detector = new ServedDetector(
                    Variant.valueOf(arguments[0]),
                    placement,
                    Integer.parseInt(arguments[2]),
                    GpuStreams.jpegs(files.stream().map(ByteBuffer::wrap).toList(), placement))) {
                System.out.println(detector.described());
                new GpuKafkaStreams(broker, files, seeing(detector)).run(counts, Integer.parseInt(arguments[3]));
            }
        }
    }

    private static Eye seeing(ServedDetector detector) {
        return new Eye() {
            private RunTimes before = detector.session().times();
            private long asked = System.nanoTime();

            @Override
            public void serve(CameraLedger<Inbound> ledger, CrowdFusion fusion) {
                detector.serve(
                        () -> ledger.take(detector.batch()),
                        shots -> GpuStreams.begin(
                                detector.session(),
                                shots.stream()
                                        .map(s -> ByteBuffer.wrap(s.picture.value()))
                                        .toList(),
                                detector.placement()),
                        shot -> seen(shot, ledger, fusion),
                        (shots, failure) -> {
                            ledger.failed(shots);
                            System.out.println("a batch failed: " + failure);
                        });
            }

            @Override
            public String account() {
                String line = detector.since(before, (System.nanoTime() - asked) / 1e9);
                before = detector.session().times();
                asked = System.nanoTime();
                return line;
            }
        };
    }

    /** Whatever arrives is taken as seen. */
    private static Eye blind() {
        return new Eye() {
            @Override
            public void serve(CameraLedger<Inbound> ledger, CrowdFusion fusion) {
                for (List<Shot<Inbound>> shots = ledger.take(SHARED); !shots.isEmpty(); shots = ledger.take(SHARED)) {
                    shots.forEach(shot -> seen(shot, ledger, fusion));
                }
            }

            @Override
            public String account() {
                return "         no device";
            }
        };
    }

    private static void seen(Shot<Inbound> shot, CameraLedger<Inbound> ledger, CrowdFusion fusion) {
        shot.detect();
        shot.picture.acknowledge();
        fusion.fuse(shot.camera, shot.number, outcome -> ledger.fused(shot, outcome));
    }

    private void run(List<String> counts, int seconds) throws InterruptedException {
        System.out.println(CameraLedger.HEADS);
        List<Integer> met = new ArrayList<>();
        for (String count : counts) {
            if (!count.startsWith(CONFIRM)) {
                // Broker and clients are slow at first, and what they owe then they owe for long.
                Schedule schedule = Schedule.of(count, seconds, steps == 0 ? Schedule.COLD : Schedule.WARM_UP);
                if (step(schedule)) {
                    met.add(schedule.cameras());
                }
            }
        }
        for (String count : counts) {
            if (count.startsWith(CONFIRM)) {
                confirm(met, Integer.parseInt(count.substring(CONFIRM.length())));
            }
        }
    }

    private void confirm(List<Integer> met, int seconds) throws InterruptedException {
        for (int cameras : met.stream().sorted((a, b) -> b - a).toList()) {
            if (step(new Schedule(cameras, seconds, Schedule.WARM_UP))) {
                System.out.println(cameras + " cameras confirmed for " + seconds + " s");
                return;
            }
        }
        System.out.println("no count was confirmed for " + seconds + " s");
    }

    /** Whether the objective was met. */
    private boolean step(Schedule schedule) throws InterruptedException {
        String topic = "frames-" + steps++;
        CameraLedger<Inbound> ledger = new CameraLedger<>();
        try (TopicAdmin admin = TopicAdmin.connect(broker.bootstrapServers(), Duration.ofSeconds(30))) {
            admin.createMissing(List.of(new TopicSpec(
                    topic,
                    schedule.cameras(),
                    Map.of(
                            "segment.bytes", "16777216",
                            "segment.index.bytes", "65536",
                            "retention.bytes", "33554432",
                            "file.delete.delay.ms", "1000"))));
            List<KafkaSink> sinks = new ArrayList<>();
            Pauses pauses = new Pauses();
            try (pauses;
                    CrowdFusion fusion = new CrowdFusion(schedule.cameras(), schedule.exposures())) {
                for (int i = 0; i < shares(schedule); i++) {
                    sinks.add(KafkaSink.to(broker.bootstrapServers(), topic + "-" + i));
                }
                Disposable reading = Flux.merge(IntStream.range(0, shares(schedule))
                                .mapToObj(i -> source(topic, i, schedule).records())
                                .toList())
                        .subscribe(record -> arrive(record, ledger));
                eye.account();
                Thread player = Thread.ofPlatform().start(() -> {
                    play(schedule, topic, sinks, ledger);
                    ledger.end();
                });
                eye.serve(ledger, fusion);
                player.join();
                reading.dispose();
            } finally {
                sinks.forEach(KafkaSink::close);
            }
            System.out.println(ledger.report(schedule));
            System.out.println(ledger.legs());
            System.out.println(eye.account());
            System.out.println(pauses);
            admin.delete(List.of(topic));
        }
        return ledger.meets(OBJECTIVE_MS, OBJECTIVE_SHARE);
    }

    private static int shares(Schedule schedule) {
        return (schedule.cameras() + SHARED - 1) / SHARED;
    }

    private KafkaSource source(String topic, int share, Schedule schedule) {
        List<TopicPartition> partitions = IntStream.range(
                        share * SHARED, Math.min(schedule.cameras(), (share + 1) * SHARED))
                .mapToObj(camera -> new TopicPartition(topic, camera))
                .toList();
        return KafkaSource.builder(broker.bootstrapServers())
                .name(topic + "-" + share)
                .intake(new Intake.Assigned(List.of(), partitions, Intake.newest()))
                .profile(ConsumerProfile.video(1 << 20, partitions.size()))
                .maxInFlight(Math.max(64, 8 * partitions.size()))
                .build();
    }

    private void play(Schedule schedule, String topic, List<KafkaSink> sinks, CameraLedger<Inbound> ledger) {
        schedule.play((camera, number, planned, counted) -> {
            if (counted) {
                ledger.exposed();
            }
            byte[] file = files.get((number * schedule.cameras() + camera) * 7 % files.size());
            Outbound frame = Outbound.keyed(topic, "cam-" + camera, System.currentTimeMillis(), file)
                    .on(camera)
                    .with(PLANNED, Long.toString(planned))
                    .with(NUMBER, counted ? Integer.toString(number) : "-" + number)
                    .with(SENT, Long.toString(System.nanoTime()));
            sinks.get(camera / SHARED).send(frame).subscribe(stored -> {}, refused -> {
                if (counted) {
                    ledger.withdrawn();
                }
            });
        });
        // What is still on its way is part of the account.
        long patience = System.nanoTime() + 3_000_000_000L;
        while (ledger.missing() > 0 && System.nanoTime() < patience) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static void arrive(Inbound record, CameraLedger<Inbound> ledger) {
        String number = record.header(NUMBER).orElseThrow();
        boolean counted = !number.startsWith("-");
        ledger.arrive(new Shot<>(
                        record.partition(),
                        Integer.parseInt(counted ? number : number.substring(1)),
                        Long.parseLong(record.header(PLANNED).orElseThrow()),
                        counted,
                        record,
                        Long.parseLong(record.header(SENT).orElseThrow())))
                .ifPresent(older -> older.picture.discard());
    }
}
