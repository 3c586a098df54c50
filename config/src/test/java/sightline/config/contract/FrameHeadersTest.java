package sightline.config.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.time.Instants;

class FrameHeadersTest {

    private static final long EXPOSED = Instants.parse("2026-03-01T12:00:00.123456789Z");
    private static final FrameHeader HEADER = new FrameHeader(
            "c1",
            77,
            42,
            new ObservationTime(EXPOSED, 1_000_000, "ntp", EXPOSED + 5, 0),
            Origin.REPLAY,
            1920,
            1080,
            "v3",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

    @Test
    void aFrameHeaderComesBackAsItWas() {
        assertThat(read(FrameHeaders.frame(HEADER, "image/jpeg"))).isEqualTo(HEADER);
    }

    @Test
    void aFrameIsACloudEventInBinaryMode() {
        assertThat(FrameHeaders.frame(HEADER, "image/jpeg"))
                .containsEntry("ce_specversion", "1.0")
                .containsEntry("ce_id", "c1/77/42")
                .containsEntry("ce_source", "/sensors/c1")
                .containsEntry("ce_type", "sightline.frame")
                .containsEntry("ce_time", "2026-03-01T12:00:00.123456789Z")
                .containsEntry("ce_sequence", "42")
                .containsEntry("content-type", "image/jpeg");
    }

    @Test
    void aHeartbeatIsToldFromAFrame() {
        Map<String, String> beat = FrameHeaders.heartbeat(HEADER);
        assertThat(FrameHeaders.isHeartbeat(name -> Optional.ofNullable(beat.get(name))))
                .isTrue();
        assertThat(read(beat)).isEqualTo(HEADER.withSize(0, 0));

        Map<String, String> frame = FrameHeaders.frame(HEADER, "image/jpeg");
        assertThat(FrameHeaders.isHeartbeat(name -> Optional.ofNullable(frame.get(name))))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ce_type", "ce_time", "ce_sequence", "x-epoch-ns", "x-clock-id", "x-clock-sigma-ns", "x-origin"})
    void aMissingHeaderIsNamed(String name) {
        Map<String, String> headers = new TreeMap<>(FrameHeaders.frame(HEADER, "image/jpeg"));
        headers.remove(name);

        assertThatThrownBy(() -> read(headers))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining(name);
    }

    @ParameterizedTest
    @CsvSource({
        "ce_time, yesterday",
        "ce_time, 9999-01-01T00:00:00Z",
        "ce_sequence, -1",
        "ce_sequence, 1e3",
        "ce_type, com.example.other",
        "x-epoch-ns, ''",
        "x-width, 99999999999",
        "x-height, -5",
        "x-clock-sigma-ns, -1",
        "x-received-ns, now",
        "x-origin, live"
    })
    void anUnreadableHeaderIsNamedWithItsValue(String name, String value) {
        Map<String, String> headers = new TreeMap<>(FrameHeaders.frame(HEADER, "image/jpeg"));
        headers.put(name, value);

        assertThatThrownBy(() -> read(headers))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(value);
    }

    @Test
    void aFrameWithoutAKeyHasNoCamera() {
        assertThatThrownBy(() -> FrameHeaders.read("", name -> Optional.empty()))
                .isInstanceOf(MalformedRecordException.class);
    }

    private static FrameHeader read(Map<String, String> headers) {
        return FrameHeaders.read("c1", name -> Optional.ofNullable(headers.get(name)));
    }
}
