package sightline.sensors.kafka.bench;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.ProducerRecord;
import reactor.core.Disposable;
import sightline.sensors.kafka.KafkaSource;

/** From just before the producer's {@code send} to the consumer's hands, at a steady rate; the same clock on both ends. */
final class Latency {
    static final String TOPIC = "bench.latency";
    private static final double PROMISED_P50 = 0.5;
    private static final double PROMISED_P99 = 5;
    /** The first records of a run meet a cold connection. */
    private static final double WARM_UP_SHARE = 0.2;

    private final String address;
    private final BenchPlan plan;
    private final int records;

    Latency(String address, BenchPlan plan) {
        this.address = address;
        this.plan = plan;
        this.records = (int) (plan.latencyRate() * plan.latencyRun().toMillis() / 1000);
    }

    boolean run(PrintStream out) {
        double[][] p50 = new double[2][plan.runs()];
        double[][] p99 = new double[2][plan.runs()];
        bare();
        bridge();
        for (int i = 0; i < plan.runs(); i++) {
            note(bare(), p50[0], p99[0], i);
            note(bridge(), p50[1], p99[1], i);
        }
        out.printf(
                Locale.ROOT,
                "%nLatency, ms, %d records/s of %d bytes, median (min-max) of %d runs in turn%n",
                plan.latencyRate(),
                plan.frameBytes(),
                plan.runs());
        out.printf(Locale.ROOT, "%-22s %22s %22s %7s %9s%n", "", "bare KafkaConsumer", "bridge", "added", "promised");
        boolean usual = print(out, "p50", p50, PROMISED_P50);
        boolean rare = print(out, "p99", p99, PROMISED_P99);
        return usual && rare;
    }

    private static boolean print(PrintStream out, String name, double[][] runs, double promised) {
        Sample bare = Sample.of(runs[0]);
        Sample bridge = Sample.of(runs[1]);
        double added = bridge.median() - bare.median();
        out.printf(Locale.ROOT, "%-22s %22s %22s %7.2f %9s%n", name, bare, bridge, added, "<= " + promised);
        return added <= promised;
    }

    private static void note(long[] nanos, double[] p50, double[] p99, int run) {
        long[] warm = Arrays.copyOfRange(nanos, (int) (nanos.length * WARM_UP_SHARE), nanos.length);
        Arrays.sort(warm);
        p50[run] = Sample.percentileMillis(warm, 0.5);
        p99[run] = Sample.percentileMillis(warm, 0.99);
    }

    private long[] bare() {
        long[] latencies = new long[records];
        try (var consumer = Clients.bareFromEnd(address, TOPIC)) {
            Thread sender = Thread.ofPlatform().daemon().name("bench-send").start(this::send);
            int seen = 0;
            while (seen < records) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    latencies[seen++] = age(record.value());
                }
            }
            join(sender);
        }
        return latencies;
    }

    private long[] bridge() {
        long[] latencies = new long[records];
        var ready = new AtomicBoolean();
        KafkaSource source = Clients.bridgeFromEnd(address, TOPIC, ready);
        var seen = new AtomicInteger();
        Disposable running = source.records().subscribe(inbound -> {
            int index = seen.getAndIncrement();
            if (index < records) {
                latencies[index] = age(inbound.value());
            }
            inbound.acknowledge();
        });
        Waiting.until(ready::get);
        Thread sender = Thread.ofPlatform().daemon().name("bench-send").start(this::send);
        Waiting.until(() -> seen.get() >= records);
        join(sender);
        running.dispose();
        Waiting.until(() -> source.liveSubscriptions() == 0);
        return latencies;
    }

    private void send() {
        byte[] key = {'k'};
        long gap = 1_000_000_000L / plan.latencyRate();
        try (var producer = Clients.producer(address)) {
            producer.partitionsFor(TOPIC);
            long next = System.nanoTime();
            for (int i = 0; i < records; i++) {
                byte[] value = new byte[plan.frameBytes()];
                while (System.nanoTime() < next) {
                    LockSupport.parkNanos(next - System.nanoTime());
                }
                next += gap;
                ByteBuffer.wrap(value).putLong(System.nanoTime());
                producer.send(new ProducerRecord<>(TOPIC, i % BridgeBench.PARTITIONS, key, value));
            }
        }
    }

    private static long age(byte[] value) {
        return System.nanoTime() - ByteBuffer.wrap(value).getLong();
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
