package sightline.pipeline.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sightline.config.domain.Contribution;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.Event;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.ObjectClass;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.domain.Receipt;
import sightline.config.domain.Track;
import sightline.config.evidence.DataRef;
import sightline.config.evidence.Evidence;
import sightline.config.evidence.EvidenceLimits;
import sightline.config.evidence.FileEvidenceStore;
import sightline.config.time.TimeSource;

class AlbumTest {
    private static final long TICK = 1_000_000_000L;

    @TempDir
    private Path directory;

    private FileEvidenceStore store;
    private Album album;

    @BeforeEach
    void open() throws IOException {
        store = FileEvidenceStore.open(
                directory, new EvidenceLimits(1 << 20, Duration.ofHours(1)), TimeSource.system());
        album = new Album(store);
    }

    @AfterEach
    void close() throws IOException {
        album.close();
        store.close();
    }

    @Test
    void anEventNamesTheFramesInWhichItsTracksWereMeasuredAndTheStoreKeepsThem() throws IOException {
        for (int n = 0; n < 10; n++) {
            album.take(frame("cam-1", n));
            album.take(frame("cam-2", n));
            album.take(frame("cam-3", n));
        }
        List<Track> tracks = List.of(track(
                scan("cam-1", 7, Contribution.Status.DETECTED),
                scan("cam-2", 6, Contribution.Status.MISSED),
                scan("cam-3", 5, Contribution.Status.LATE),
                scan("radar-1", 5, Contribution.Status.DETECTED)));

        List<String> references = album.of(TICK, tracks);
        album.keep(event(tracks, references));

        assertThat(references).hasSize(2);
        Evidence first = store.get(DataRef.parse(references.getFirst())).orElseThrow();
        assertThat(new String(first.content(), StandardCharsets.UTF_8)).isEqualTo("cam-1 7");
        assertThat(first.label().origin()).isEqualTo(Origin.SIMULATED);
        assertThat(first.label().events()).containsExactly("event");
        assertThat(first.label().tracks()).containsExactly("track");
        Evidence second = store.get(DataRef.parse(references.getLast())).orElseThrow();
        assertThat(new String(second.content(), StandardCharsets.UTF_8)).isEqualTo("cam-3 5");
    }

    @Test
    void erasingTheTrackErasesItsFrames() throws IOException {
        album.take(frame("cam-1", 0));
        List<Track> tracks = List.of(track(scan("cam-1", 0, Contribution.Status.DETECTED)));
        List<String> references = album.of(TICK, tracks);
        album.keep(event(tracks, references));

        assertThat(store.eraseTrack("track")).isEqualTo(1);
        assertThat(store.get(DataRef.parse(references.getFirst()))).isEmpty();
    }

    @Test
    void aFrameThatIsGoneOrAnEventWithoutTracksNamesNothing() {
        for (int n = 0; n <= Album.KEPT; n++) {
            album.take(frame("cam-1", n));
        }
        assertThat(album.of(TICK, List.of(track(scan("cam-1", 0, Contribution.Status.DETECTED)))))
                .isEmpty();
        assertThat(album.of(TICK, List.of(track(scan("cam-1", 1, Contribution.Status.DETECTED)))))
                .hasSize(1);
        assertThat(album.of(TICK, List.of())).isEmpty();
    }

    private static EncodedFrame frame(String camera, long sequence) {
        byte[] picture = (camera + " " + sequence).getBytes(StandardCharsets.UTF_8);
        return new EncodedFrame(
                new FrameHeader(
                        camera,
                        1,
                        sequence,
                        ObservationTime.at(exposure(sequence), "test"),
                        Origin.SIMULATED,
                        4,
                        4,
                        "",
                        ""),
                "image/jpeg",
                ByteBuffer.wrap(picture));
    }

    private static long exposure(long sequence) {
        return TICK - (10 - sequence) * 10_000_000L;
    }

    private static Contribution scan(String sensor, long sequence, Contribution.Status status) {
        return new Contribution(sensor, "node-1", sequence, exposure(sequence), status, "", "", "");
    }

    private static Track track(Contribution... contributions) {
        return new Track(
                "scene",
                "track",
                1,
                TICK,
                new double[4],
                new double[16],
                1,
                0,
                ObjectClass.PERSON,
                Track.Phase.CONFIRMED,
                new Receipt(List.of(contributions), List.of(), List.of(), ""),
                Origin.SIMULATED);
    }

    private static Event event(List<Track> tracks, List<String> evidence) {
        return new Event(
                "event", "rule", Event.Kind.FALL, "", TICK, 1, 1, tracks, evidence, "Somebody fell.", Origin.SIMULATED);
    }
}
