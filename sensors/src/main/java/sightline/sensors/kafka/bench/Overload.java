package sightline.sensors.kafka.bench;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.ProducerRecord;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.GroupedFlux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import sightline.config.ledger.Ledger;
import sightline.config.ledger.LedgerRow;
import sightline.config.time.TimeSource;
import sightline.sensors.kafka.ConsumerProfile;
import sightline.sensors.kafka.Inbound;
import sightline.sensors.kafka.Intake;
import sightline.sensors.kafka.KafkaSource;

/**
 * Four cameras send twice as many frames as the work can take. The newest frame of each camera supersedes older ones;
 * memory and threads must not grow, and the ledger must say what became of every frame.
 */
final class Overload {
    static final String TOPIC = "bench.overload";
    private static final int CAMERAS = 4;
    private static final int SAMPLES = 12;
    private static final String STAGE = "bench";
    /** Growth from the second to the last third that is put down to noise. */
    private static final double NOISE_MIB = 8;

    private final String address;
    private final BenchPlan plan;
    private final Ledger ledger = Ledger.create(TimeSource.system());

    Overload(String address, BenchPlan plan) {
        this.address = address;
        this.plan = plan;
    }

    boolean run(PrintStream out) {
        double rate = 2e9 / plan.service().toNanos();
        out.printf(
                Locale.ROOT,
                "%nOverload, %d s at %.0f frames/s of %d bytes where %.0f are sustainable%n",
                plan.overload().toSeconds(),
                rate,
                plan.frameBytes(),
                rate / 2);
        out.print(Footprint.HEADER);
        var sending = new AtomicBoolean(true);
        var ready = new AtomicBoolean();
        KafkaSource source = source(ready);
        Scheduler worker = Schedulers.newSingle("bench-work", true);
        Disposable running =
                Inbound.discarding(newestOfEachCamera(source.records(), worker)).subscribe();
        Waiting.until(ready::get);
        Thread sender = Thread.ofPlatform().daemon().name("bench-send").start(() -> send(rate, sending));
        List<Footprint> footprints = sample(out);
        sending.set(false);
        join(sender);
        Waiting.until(() -> ledger.snapshot().stage(STAGE).inFlight() == 0);
        running.dispose();
        Waiting.until(() -> source.liveSubscriptions() == 0);
        worker.dispose();
        return verdict(out, footprints);
    }

    private KafkaSource source(AtomicBoolean ready) {
        return KafkaSource.builder(address)
                .name("overload")
                .intake(Intake.all(TOPIC, Intake.newest()))
                .profile(ConsumerProfile.video(1 << 20, BridgeBench.PARTITIONS))
                .maxInFlight(64)
                .ledger(ledger, STAGE)
                .observer(new Readiness(ready))
                .build();
    }

    private Flux<Inbound> newestOfEachCamera(Flux<Inbound> records, Scheduler worker) {
        return records.groupBy(Inbound::key).flatMap(camera -> newest(camera, worker), CAMERAS, 1);
    }

    private Flux<Inbound> newest(GroupedFlux<String, Inbound> camera, Scheduler worker) {
        return camera.onBackpressureLatest().publishOn(worker, 1).doOnNext(frame -> {
            LockSupport.parkNanos(plan.service().toNanos());
            frame.acknowledge();
        });
    }

    private void send(double rate, AtomicBoolean sending) {
        long gap = (long) (1e9 / rate);
        try (var producer = Clients.producer(address)) {
            long next = System.nanoTime();
            for (int i = 0; sending.get(); i++) {
                byte[] camera = ("camera" + i % CAMERAS).getBytes(StandardCharsets.UTF_8);
                LockSupport.parkNanos(Math.max(0, next - System.nanoTime()));
                next += gap;
                producer.send(new ProducerRecord<>(
                        TOPIC, i % CAMERAS % BridgeBench.PARTITIONS, camera, new byte[plan.frameBytes()]));
            }
        }
    }

    private List<Footprint> sample(PrintStream out) {
        List<Footprint> footprints = new ArrayList<>();
        Duration gap = plan.overload().dividedBy(SAMPLES);
        long next = System.nanoTime();
        for (int i = 0; i < SAMPLES; i++) {
            next += gap.toNanos();
            long until = next;
            Waiting.until(() -> System.nanoTime() - until > 0);
            var footprint =
                    Footprint.now(gap.toMillis() * (i + 1), ledger.snapshot().stage(STAGE));
            footprints.add(footprint);
            out.print(footprint);
        }
        return footprints;
    }

    private boolean verdict(PrintStream out, List<Footprint> footprints) {
        LedgerRow end = ledger.snapshot().stage(STAGE);
        double heap = Footprint.growth(footprints, Footprint::heapMib);
        double direct = Footprint.growth(footprints, Footprint::directMib);
        double threads = Footprint.growth(footprints, f -> f.threads());
        boolean flat = heap < NOISE_MIB && direct < NOISE_MIB && threads < 1;
        boolean balanced = end.unaccounted() == 0 && end.received() == end.done() + end.superseded();
        out.printf(
                Locale.ROOT,
                "growth after warm-up: heap %.1f MiB, direct %.1f MiB, threads %.0f: %s%n"
                        + "ledger: received %d = done %d + superseded %d, unaccounted %d: %s%n",
                heap,
                direct,
                threads,
                flat ? "flat" : "NOT FLAT",
                end.received(),
                end.done(),
                end.superseded(),
                end.unaccounted(),
                balanced ? "balanced" : "NOT BALANCED");
        return flat && balanced;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
