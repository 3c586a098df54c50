package sightline.config.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.config.wire.Covariance2;
import sightline.config.wire.Measurement;
import sightline.config.wire.Position;

class CodecsTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void everyRecordComesBackAsItWas(long seed) {
        new Samples(seed).all().forEach((codec, value) -> {
            byte[] bytes = encode(codec, value);
            assertThat(codec.decode(bytes))
                    .as(codec.type())
                    .usingRecursiveComparison()
                    .isEqualTo(value);
            assertThat(encode(codec, codec.decode(bytes))).as(codec.type()).isEqualTo(bytes);
        });
    }

    @Test
    void everyTopicButTheFramesHasACodecThatIsTested() {
        assertThat(new Samples(1).all().keySet()).containsExactlyInAnyOrderElementsOf(Codecs.all());
        for (Topic topic : Topics.ALL) {
            assertThat(Codecs.forTopic(topic.name()).isPresent())
                    .as(topic.name())
                    .isEqualTo(topic != Topics.FRAME_CAMERA);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void damagedBytesAreMalformedAndNothingWorse(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        new Samples(seed).all().forEach((codec, value) -> {
            byte[] whole = encode(codec, value);
            for (int i = 0; i < 300; i++) {
                byte[] damaged = whole.clone();
                for (int hits = random.nextInt(1, 4); hits > 0; hits--) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
                }
                assertDecodesOrIsMalformed(codec, damaged);
                assertDecodesOrIsMalformed(codec, java.util.Arrays.copyOf(whole, random.nextInt(whole.length)));
            }
        });
    }

    @Test
    void nullAndEmptyValuesAreMalformed() {
        for (Codec<?> codec : Codecs.all()) {
            assertThatThrownBy(() -> codec.decode(null)).isInstanceOf(MalformedRecordException.class);
            assertThatThrownBy(() -> codec.decode(new byte[0]))
                    .isInstanceOf(MalformedRecordException.class)
                    .hasMessageStartingWith(codec.type());
        }
    }

    @Test
    void aMessageThatDoesNotSayWhereItComesFromIsRefused() {
        var lease = sightline.config.wire.Lease.newBuilder().setScene("s").setHolder("h");

        assertThatThrownBy(() -> Codecs.LEASE.decode(lease.build().toByteArray()))
                .hasMessage("sightline.v1.Lease: origin is ORIGIN_UNSPECIFIED, which this version does not know");
    }

    @Test
    void anOriginOfTheFutureIsRefused() {
        var lease = sightline.config.wire.Lease.newBuilder()
                .setScene("s")
                .setHolder("h")
                .setOriginValue(99);

        assertThatThrownBy(() -> Codecs.LEASE.decode(lease.build().toByteArray()))
                .hasMessageContaining("origin is UNRECOGNIZED");
    }

    @Test
    void numbersThatAreNoneAreRefusedByName() throws Exception {
        var scan = sightline.config.wire.Scan.parseFrom(Codecs.SCAN.encode(new Samples(1).scan())).toBuilder();
        scan.setMeasurements(0, position(Double.NaN, 1));
        assertThatThrownBy(() -> Codecs.SCAN.decode(scan.build().toByteArray()))
                .hasMessage("sightline.v1.Scan: position.east_m is NaN");

        scan.setMeasurements(0, position(1, -1));
        assertThatThrownBy(() -> Codecs.SCAN.decode(scan.build().toByteArray()))
                .hasMessage("sightline.v1.Scan: position.covariance_m2.xx is a variance of -1.0");
    }

    @Test
    void aTimeOutsideTheCenturiesIsRefusedNotWrapped() {
        var truth = sightline.config.wire.TruthPoint.newBuilder()
                .setObject("p")
                .setLabel(sightline.config.wire.ObjectClass.PERSON)
                .setTime(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE))
                .setOrigin(sightline.config.wire.Origin.LIVE);

        assertThatThrownBy(() -> Codecs.TRUTH.decode(truth.build().toByteArray()))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("outside the years 1677 to 2262");
    }

    @Test
    void aLabelMapThatClaimsToBeHugeTakesNoMemory() throws Exception {
        var map =
                sightline.config.wire.Segmentation.parseFrom(Codecs.SEGMENTATION.encode(new Samples(1).segmentation()))
                        .toBuilder();

        assertThatThrownBy(() -> Codecs.SEGMENTATION.decode(
                        map.clone().setWidth(60_000).setHeight(60_000).build().toByteArray()))
                .hasMessageContaining("60000x60000");
        assertThatThrownBy(() -> Codecs.SEGMENTATION.decode(
                        map.clone().setLabelsRle(ByteString.EMPTY).build().toByteArray()))
                .hasMessageContaining("holds 0 labels, needs 1200");
    }

    @Test
    void aLabelMapOfLargeAreasIsSmall() {
        byte[] labels = new byte[1024 * 2048];
        java.util.Arrays.fill(labels, 500_000, labels.length, (byte) 11);

        assertThat(RunLengths.encode(labels).size()).isLessThan(16);
        assertThat(RunLengths.decode(RunLengths.encode(labels), labels.length)).isEqualTo(labels);
    }

    @Test
    void aMaskThatClaimsToBeHugeTakesNoMemoryAndOneThatIsCutIsRefused() throws Exception {
        var masks = sightline.config.wire.Masks.parseFrom(Codecs.MASKS.encode(new Samples(1).masks())).toBuilder();
        var first = masks.getMasks(0).toBuilder();

        assertThatThrownBy(() -> Codecs.MASKS.decode(masks.clone()
                        .setMasks(0, first.clone().setWidthPx(60_000).setHeightPx(60_000))
                        .build()
                        .toByteArray()))
                .hasMessageContaining("60000x60000");
        assertThatThrownBy(() -> Codecs.MASKS.decode(masks.clone()
                        .setMasks(0, first.clone().setRuns(ByteString.EMPTY))
                        .build()
                        .toByteArray()))
                .hasMessageContaining("holds 0 pixels, needs 153");
        assertThatThrownBy(() -> Codecs.MASKS.decode(masks.clone()
                        .setMasks(0, first.clone().setRuns(first.getRuns().concat(ByteString.copyFrom(new byte[] {9}))))
                        .build()
                        .toByteArray()))
                .hasMessageContaining("a run of 9 at pixel 153 of 153");
    }

    private static Measurement position(double east, double variance) {
        return Measurement.newBuilder()
                .setScore(1)
                .setPosition(Position.newBuilder()
                        .setEastM(east)
                        .setCovarianceM2(
                                Covariance2.newBuilder().setXx(variance).setYy(1)))
                .build();
    }

    private static void assertDecodesOrIsMalformed(Codec<?> codec, byte[] bytes) {
        try {
            assertThat(codec.decode(bytes)).isNotNull();
        } catch (MalformedRecordException e) {
            assertThat(e).hasMessageStartingWith(codec.type());
        }
    }

    @SuppressWarnings("unchecked") // Samples pairs each codec with a value of its type.
    private static byte[] encode(Codec<?> codec, Object value) {
        return ((Codec<Object>) codec).encode(value);
    }
}
