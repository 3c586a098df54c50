package sightline.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import sightline.config.contract.Codecs;
import sightline.config.contract.FrameHeaders;
import sightline.config.contract.Topics;
import sightline.config.domain.Box;
import sightline.config.domain.Detection;
import sightline.config.domain.Detections;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.ObjectClass;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.time.Instants;
import sightline.sensors.broker.EmbeddedBroker;
import sightline.sensors.kafka.KafkaSink;
import sightline.sensors.kafka.Outbound;
import sightline.sensors.kafka.TopicSpec;

/** The commands against a broker that they find empty and leave full. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterCommandsTest {

    private static final long EXPOSED = Instants.parse("2026-03-01T12:00:00.123456789Z");
    private static final FrameHeader HEADER = new FrameHeader(
            "cam-1",
            1,
            42,
            new ObservationTime(EXPOSED, 2_000_000, "ntp", EXPOSED + 7_500_000, 0),
            Origin.SIMULATED,
            1280,
            720,
            "v1",
            "");

    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() throws Exception {
        broker = EmbeddedBroker.temporary();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    @Order(1)
    void checkOfAnEmptyClusterSaysWhatToCreate() {
        Run run = run("topics", "check");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).contains("must   Create topic frame.camera.v1 with 4 partitions");
    }

    @Test
    @Order(2)
    void createMakesTopicsOnceAndThenCheckIsContent() {
        assertThat(run("topics", "create", "--cameras", "3").out()).contains("created frame.camera.v1", "0 were there");
        assertThat(run("topics", "create", "--cameras", "3").out()).startsWith("0 created");
        assertThat(run("topics", "check", "--cameras", "3").code()).isZero();
        assertThat(run("topics", "describe").out())
                .containsPattern("frame.camera.v1 .*3 partitions, 1 replicas, cleanup delete");
    }

    @Test
    @Order(3)
    void tailShowsWhatEveryKindOfRecordSays() {
        fill();
        Run run = run("tail", "frame", "detection", "track.fused.state", "--from", "oldest", "--until-end");

        assertThat(run.code()).isZero();
        assertThat(run.out().lines().map(line -> line.replaceAll(" +", " ")).toList())
                .anySatisfy(line -> assertThat(line)
                        .startsWith("2026-03-01T12:00:00.123456789Z frame.camera.v1[")
                        .endsWith("@0 cam-1 #42 SIMULATED ±2.0 ms (ntp) received +7.5 ms 1280x720, image/jpeg, 4 B"))
                .anySatisfy(line -> assertThat(line).endsWith("heartbeat"))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("2026-03-01T12:00:00.123456789Z detection.camera.v1[1]@0 cam-1")
                        .endsWith("person 0.75 (10, 20 30x40)"))
                .anySatisfy(line ->
                        assertThat(line).contains("detection.camera.v1[1]@1", "malformed: sightline.v1.Detections"))
                .anySatisfy(line -> assertThat(line).endsWith("plaza/t1 ended"))
                .hasSize(5);
    }

    @Test
    @Order(4)
    void jsonIsOneObjectALineWithTheFieldsOfTheRecord() throws Exception {
        Run run = run("tail", "detection", "--json", "--from", "oldest", "--limit", "1");

        JsonNode json = JsonMapper.builder().build().readTree(run.out());
        assertThat(json.get("topic").asText()).isEqualTo("detection.camera.v1");
        assertThat(json.get("type").asText()).isEqualTo("sightline.v1.Detections");
        assertThat(json.at("/value/frame/time/exposureNanos").asLong()).isEqualTo(EXPOSED);
        assertThat(json.at("/value/detections/0/box/width").asDouble()).isEqualTo(30);
        assertThat(json.at("/value/detections/0/foot").isNull()).isTrue();
    }

    @Test
    @Order(5)
    void tailOfATopicThatIsNotThereNamesThoseThatAre() {
        Run run = run("tail", "nonsense");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("no topic has 'nonsense' in its name", "frame.camera.v1");
    }

    @Test
    @Order(6)
    void tailOfOneKeyLeavesOutTheOthers() {
        assertThat(run("tail", "frame", "--key", "cam-9", "--from", "oldest", "--until-end")
                        .out())
                .isEmpty();
    }

    @Test
    @Order(7)
    void whatIsToBeErasedTravelsAmongTheRequestsForPictures() {
        assertThat(run("erase", "--event", "enter/12", "--track", "plaza/12").code())
                .isZero();
        assertThat(run("tail", "render.request", "--from", "oldest", "--until-end")
                        .out()
                        .lines())
                .hasSize(2)
                .anyMatch(line -> line.contains("enter/12"))
                .anyMatch(line -> line.contains("plaza/12"));
        Run nothing = run("erase");
        assertThat(nothing.code()).isEqualTo(2);
        assertThat(nothing.err()).contains("name what to erase with --event or --track");
    }

    @Test
    @Order(8)
    void aBrokerThatStartsSaysWhereItIs() {
        Run run = Run.of("broker", "--port", "0", "--seconds", "0");
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .containsPattern("Kafka is at 127.0.0.1:\\d+, data in .*, "
                        + TopicSpec.contract(3, 4).size() + " topics created");
    }

    private static void fill() {
        Map<String, String> frame = FrameHeaders.frame(HEADER, "image/jpeg");
        long millis = EXPOSED / 1_000_000;
        Detections detections = new Detections(
                HEADER,
                List.of(new Detection(ObjectClass.PERSON, .75, new Box(10, 20, 30, 40), Optional.empty())),
                "simulated");
        byte[] nonsense = "nonsense".getBytes(StandardCharsets.UTF_8);
        try (KafkaSink sink = KafkaSink.to(broker.bootstrapServers(), "test")) {
            for (Outbound record : List.of(
                    Outbound.keyed(Topics.FRAME_CAMERA.name(), "cam-1", millis, new byte[4])
                            .with(frame),
                    Outbound.keyed(Topics.FRAME_CAMERA.name(), "cam-1", millis, new byte[0])
                            .with(FrameHeaders.heartbeat(HEADER)),
                    Outbound.keyed(
                                    Topics.DETECTION_CAMERA.name(),
                                    "cam-1",
                                    millis,
                                    Codecs.DETECTIONS.encode(detections))
                            .on(1),
                    Outbound.keyed(Topics.DETECTION_CAMERA.name(), "cam-1", millis, nonsense)
                            .on(1),
                    Outbound.keyed(Topics.TRACK_FUSED_STATE.name(), "plaza/t1", millis, null))) {
                sink.send(record).block(Duration.ofSeconds(10));
            }
        }
    }

    private static Run run(String... arguments) {
        String[] all = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "-b";
        all[arguments.length + 1] = broker.bootstrapServers();
        return Run.of(all);
    }
}
