package sightline.pipeline.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topic;
import sightline.config.contract.Topics;
import sightline.config.domain.Detections;
import sightline.config.domain.Origin;
import sightline.config.ledger.Ledger;
import sightline.config.ledger.LedgerRow;
import sightline.config.time.TimeSource;
import sightline.pipeline.infer.ShippedDetector;
import sightline.pipeline.npm.Programs;
import sightline.pipeline.settings.AllSettings;
import sightline.pipeline.topology.Assembly.Role;
import sightline.pipeline.web.WebSettings;
import sightline.sensors.broker.EmbeddedBroker;
import sightline.sensors.kafka.Outbound;

/** What strangers can do with nothing of ours: read every topic with kcat, and be a camera with Kafka's own client. */
class FromOutsideTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path evidence;

    @Test
    void kcatReadsEveryTopic() throws Exception {
        Path kcat = Programs.find("kcat", "kafkacat").orElse(null);
        assumeTrue(kcat != null, "no kcat on the PATH");
        PlazaSource plaza = PlazaSource.now(7, 4);
        try (EmbeddedBroker broker = EmbeddedBroker.temporary();
                Bus bus = Bus.connect(
                        broker.bootstrapServers(),
                        plaza.site(),
                        Ledger.create(TimeSource.system()),
                        TimeSource.system())) {
            for (Topic topic : Topics.ALL) {
                bus.sink()
                        .send(Outbound.keyed(
                                        topic.name(),
                                        "the-key",
                                        1_700_000_000_123L,
                                        topic.name().getBytes(UTF_8))
                                .with(Map.of("ce_id", "the-id")))
                        .block(Duration.ofSeconds(20));
            }
            for (Topic topic : Topics.ALL) {
                String read = output(
                        kcat.toString(),
                        "-b",
                        broker.bootstrapServers(),
                        "-C",
                        "-t",
                        topic.name(),
                        "-o",
                        "beginning",
                        "-c",
                        "1",
                        "-q",
                        "-f",
                        "%k %T %h %s");
                assertThat(read).isEqualTo("the-key 1700000000123 ce_id=the-id " + topic.name());
            }
        }
    }

    private static String output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    /** Everything about the record is what the README's section "Feed a camera" says, and nothing else. */
    private static ProducerRecord<String, byte[]> frame(byte[] jpeg, long sequence, long epoch) {
        Instant exposed = Instant.now();
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>("frame.camera.v1", null, exposed.toEpochMilli(), "cam-1", jpeg);
        Map<String, String> headers = Map.ofEntries(
                Map.entry("ce_specversion", "1.0"),
                Map.entry("ce_id", "stranger-" + sequence),
                Map.entry("ce_source", "/stranger"),
                Map.entry("ce_type", "sightline.frame"),
                Map.entry("ce_time", exposed.toString()),
                Map.entry("ce_sequence", Long.toString(sequence)),
                Map.entry("x-epoch-ns", Long.toString(epoch)),
                Map.entry("x-clock-id", "stranger"),
                Map.entry("x-clock-sigma-ns", "1000000"),
                Map.entry("x-origin", "LIVE"),
                Map.entry("content-type", "image/jpeg"));
        headers.forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
        return record;
    }

    @Test
    void aPlainProducerWrittenFromTheReadmeIsACamera() throws Exception {
        assumeTrue(ShippedDetector.available(), "no detector weights are in the project");
        PlazaSource plaza = PlazaSource.now(7, 4);
        byte[] jpeg = jpeg();
        List<Detections> seen = new CopyOnWriteArrayList<>();
        try (EmbeddedBroker broker = EmbeddedBroker.temporary();
                Assembly assembly = Assembly.start(new Assembly.Options(
                        Set.of(Role.PERCEPTION),
                        Optional.of(broker.bootstrapServers()),
                        plaza.site(),
                        Optional.empty(),
                        WebSettings.defaults(),
                        Optional.empty(),
                        evidence,
                        false,
                        AllSettings.REGISTRY.defaults()));
                KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers()),
                        new StringSerializer(),
                        new ByteArraySerializer())) {
            Disposable reading = Reading.newest(
                            assembly.bus(), Topics.DETECTION_CAMERA, Codecs.DETECTIONS, "test-detections")
                    .subscribe(seen::add);
            long epoch = TimeSource.system().nanos();
            long[] sequence = {0};
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(300)).until(() -> {
                producer.send(frame(jpeg, sequence[0]++, epoch));
                return !seen.isEmpty();
            });
            reading.dispose();
            Detections first = seen.getFirst();
            assertThat(first.frame().camera()).isEqualTo("cam-1");
            assertThat(first.frame().origin()).isEqualTo(Origin.LIVE);
            assertThat(first.model())
                    .isEqualTo(assembly.observing().facts().models().getFirst().digest());
            List<LedgerRow> ledger = assembly.observing().facts().ledger();
            assertThat(ledger).singleElement().satisfies(row -> {
                assertThat(row.invalid() + row.failed() + row.unaccounted()).isZero();
                assertThat(row.camera()).isEqualTo("cam-1");
            });
        }
    }

    private static byte[] jpeg() throws IOException {
        BufferedImage picture = new BufferedImage(640, 360, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = picture.createGraphics();
        g.setColor(Color.GRAY);
        g.fillRect(0, 0, 640, 360);
        g.dispose();
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.write(picture, "jpg", jpeg);
        return jpeg.toByteArray();
    }
}
