package sightline.pipeline.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import sightline.config.contract.FrameHeaders;
import sightline.config.contract.Topics;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.operators.pool.LabeledPicture;
import sightline.sensors.broker.EmbeddedBroker;
import sightline.sensors.kafka.KafkaSink;
import sightline.sensors.kafka.Outbound;
import sightline.sensors.kafka.TopicAdmin;
import sightline.sensors.kafka.TopicSpec;

/** A real broker with frames of two cameras, and with what must not be learned from. */
class TopicStillsTest {
    @Test
    @Timeout(60)
    void everySecondFrameIsLearnedFromButNoDrillNoSyntheticOneAndNothingUnreadable() throws IOException {
        List<Outbound> sent = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            sent.add(frame("gate", i, Origin.LIVE));
            sent.add(frame("dock", i, i < 4 ? Origin.REPLAY : i == 4 ? Origin.DRILL : Origin.SYNTHETIC));
        }
        sent.add(frame("dock", 6, Origin.SYNTHETIC));
        FrameHeader quiet = header("gate", 6, Origin.LIVE);
        sent.add(Outbound.keyed(Topics.FRAME_CAMERA.name(), "gate", 1, new byte[0])
                .with(FrameHeaders.heartbeat(quiet)));
        sent.add(Outbound.keyed(Topics.FRAME_CAMERA.name(), "gate", 1, new byte[] {1}));
        try (EmbeddedBroker broker = EmbeddedBroker.temporary();
                TopicAdmin admin = TopicAdmin.connect(broker.bootstrapServers());
                KafkaSink sink = KafkaSink.to(broker.bootstrapServers(), "cameras")) {
            admin.createMissing(List.of(new TopicSpec(Topics.FRAME_CAMERA.name(), 2, Map.of())));
            sink.send(Flux.fromIterable(sent)).blockLast();

            TopicStills stills = TopicStills.read(broker.bootstrapServers(), 2, 100);

            assertThat(stills.pictures())
                    .extracting(LabeledPicture::name)
                    .containsExactlyInAnyOrder(
                            "topic/gate-3-0.jpg",
                            "topic/gate-3-2.jpg",
                            "topic/gate-3-4.jpg",
                            "topic/dock-3-0.jpg",
                            "topic/dock-3-2.jpg");
            assertThat(stills.pictures()).allSatisfy(picture -> {
                assertThat(picture.source()).isEqualTo(TopicStills.SOURCE);
                assertThat(picture.complete()).isFalse();
                assertThat(picture.encoded()).startsWith((byte) 0xff, (byte) 0xd8);
            });
            assertThat(stills.passedOver()).isEqualTo(3);
            assertThat(TopicStills.read(broker.bootstrapServers(), 1, 4).pictures())
                    .hasSize(4);
        }
    }

    @Test
    @Timeout(60)
    void aCameraThatShowsWhatEvaluationStandsOnIsRefused() throws IOException {
        try (EmbeddedBroker broker = EmbeddedBroker.temporary();
                TopicAdmin admin = TopicAdmin.connect(broker.bootstrapServers());
                KafkaSink sink = KafkaSink.to(broker.bootstrapServers(), "cameras")) {
            admin.createMissing(List.of(new TopicSpec(Topics.FRAME_CAMERA.name(), 2, Map.of())));
            sink.send(Flux.just(frame("vtest", 0, Origin.REPLAY))).blockLast();

            assertThatThrownBy(() -> TopicStills.read(broker.bootstrapServers(), 1, 100))
                    .hasMessageContaining("vtest is for evaluation");
        }
    }

    private static FrameHeader header(String camera, long sequence, Origin origin) {
        return new FrameHeader(
                camera, 3, sequence, ObservationTime.at(sequence * 100_000_000L, "c"), origin, 8, 8, "", "");
    }

    private static Outbound frame(String camera, int sequence, Origin origin) {
        byte[] start = {(byte) 0xff, (byte) 0xd8, (byte) sequence};
        return Outbound.keyed(Topics.FRAME_CAMERA.name(), camera, sequence, start)
                .with(FrameHeaders.frame(header(camera, sequence, origin), "image/jpeg"));
    }
}
