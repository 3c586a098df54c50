package sightline.sensors.kafka.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import java.util.zip.Adler32;
import java.util.zip.CRC32;
import org.apache.kafka.clients.producer.ProducerRecord;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import sightline.sensors.kafka.Inbound;
import sightline.sensors.kafka.KafkaSource;
import sightline.sensors.kafka.KeyedParallel;

/** Megabytes per second from the first to the last record of a filled topic; joining the group is not counted. */
final class Throughput {
    static final String TOPIC = "bench.throughput";
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int WORKERS = 2;
    private static final int CAMERAS = 8;

    private final String address;
    private final BenchPlan plan;
    private final AtomicLong checksum = new AtomicLong();

    Throughput(String address, BenchPlan plan) {
        this.address = address;
        this.plan = plan;
    }

    boolean run(PrintStream out) {
        fill();
        // Both code paths are compiled and the page cache is filled before anything counts.
        bare(Throughput::pass);
        bridge(Throughput::pass, false);
        Contest passed = contest(Throughput::pass, false);
        Contest worked = contest(Throughput::work, true);
        out.printf(
                Locale.ROOT,
                "%nThroughput, MB/s, %d records of %d bytes, median (min-max) of %d runs in turn%n",
                plan.records(),
                plan.frameBytes(),
                plan.runs());
        out.printf(Locale.ROOT, "%-22s %22s %22s %7s %9s%n", "", "bare KafkaConsumer", "bridge", "ratio", "promised");
        boolean passing = print(out, "pass-through", passed, 0.95);
        boolean working = print(out, "keyed-parallel work", worked, 1.0);
        return passing && working;
    }

    private boolean print(PrintStream out, String name, Contest contest, double promised) {
        double ratio = contest.bridge().median() / contest.bare().median();
        out.printf(
                Locale.ROOT,
                "%-22s %22s %22s %7.2f %9s%n",
                name,
                contest.bare(),
                contest.bridge(),
                ratio,
                ">= " + promised);
        out.printf(
                Locale.ROOT,
                "%-22s %22s %22s %7.2f%n",
                "  CPU us per record",
                contest.cpu()[0],
                contest.cpu()[1],
                contest.cpu()[1].median() / contest.cpu()[0].median());
        return ratio >= promised;
    }

    /** @param cpu processor time of the whole process a record, broker included, in microseconds: bare, then bridge */
    private record Contest(Sample bare, Sample bridge, Sample[] cpu) {}

    private Contest contest(ToLongFunction<byte[]> work, boolean parallel) {
        double[] bare = new double[plan.runs()];
        double[] bridge = new double[plan.runs()];
        double[][] cpu = new double[2][plan.runs()];
        for (int i = 0; i < plan.runs(); i++) {
            long before = cpuNanos();
            bare[i] = bare(work);
            long between = cpuNanos();
            bridge[i] = bridge(work, parallel);
            cpu[0][i] = microsPerRecord(between - before);
            cpu[1][i] = microsPerRecord(cpuNanos() - between);
        }
        return new Contest(Sample.of(bare), Sample.of(bridge), new Sample[] {Sample.of(cpu[0]), Sample.of(cpu[1])});
    }

    private double microsPerRecord(long nanos) {
        return nanos / 1e3 / plan.records();
    }

    private static long cpuNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }

    private static long pass(byte[] value) {
        return value.length;
    }

    /** About what a header parse and a decode of a thumbnail cost: four passes over the bytes. */
    private static long work(byte[] value) {
        long sum = 0;
        for (int i = 0; i < 2; i++) {
            var crc = new CRC32();
            crc.update(value);
            var adler = new Adler32();
            adler.update(value);
            sum += crc.getValue() + adler.getValue();
        }
        return sum;
    }

    private double bare(ToLongFunction<byte[]> work) {
        try (var consumer = Clients.bare(address, TOPIC)) {
            long start = 0;
            int seen = 0;
            long nextCommit = 0;
            while (seen < plan.records()) {
                var records = consumer.poll(POLL);
                if (seen == 0 && !records.isEmpty()) {
                    start = System.nanoTime();
                }
                for (var record : records) {
                    checksum.addAndGet(work.applyAsLong(record.value()));
                    seen++;
                }
                if (System.nanoTime() > nextCommit) {
                    consumer.commitAsync();
                    nextCommit = System.nanoTime() + 500_000_000;
                }
            }
            return rate(start);
        }
    }

    private double bridge(ToLongFunction<byte[]> work, boolean parallel) {
        KafkaSource source = Clients.bridge(address, TOPIC);
        var start = new AtomicLong();
        var left = new AtomicInteger(plan.records());
        var end = new CountDownLatch(1);
        Flux<Inbound> records = source.records().doOnNext(r -> start.compareAndSet(0, System.nanoTime()));
        Flux<Long> worked = parallel
                ? KeyedParallel.map(records, Inbound::key, WORKERS, 64, r -> finish(r, work))
                : records.map(r -> finish(r, work));
        Disposable running = worked.subscribe(sum -> {
            checksum.addAndGet(sum);
            if (left.decrementAndGet() == 0) {
                end.countDown();
            }
        });
        try {
            if (!end.await(5, TimeUnit.MINUTES)) {
                throw new IllegalStateException(left.get() + " records did not arrive");
            }
            return rate(start.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            running.dispose();
            Waiting.until(() -> source.liveSubscriptions() == 0);
        }
    }

    private static long finish(Inbound inbound, ToLongFunction<byte[]> work) {
        long sum = work.applyAsLong(inbound.value());
        inbound.acknowledge();
        return sum;
    }

    private double rate(long start) {
        double seconds = (System.nanoTime() - start) / 1e9;
        return plan.records() / 1e6 * plan.frameBytes() / seconds;
    }

    private void fill() {
        byte[] frame = new byte[plan.frameBytes()];
        new Random(7).nextBytes(frame);
        try (var producer = Clients.producer(address)) {
            for (int i = 0; i < plan.records(); i++) {
                byte[] camera = {(byte) ('a' + i % CAMERAS)};
                producer.send(new ProducerRecord<>(TOPIC, i % BridgeBench.PARTITIONS, camera, frame));
            }
            producer.flush();
        }
    }
}
