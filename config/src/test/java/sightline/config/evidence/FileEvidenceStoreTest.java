package sightline.config.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.config.domain.Origin;
import sightline.config.time.ManualTime;

class FileEvidenceStoreTest {

    private static final EvidenceLimits LIMITS = new EvidenceLimits(4000, Duration.ofDays(1));

    @TempDir
    private Path directory;

    private final ManualTime time = ManualTime.at("2026-03-01T12:00:00Z");
    private FileEvidenceStore store;

    @BeforeEach
    void open() throws IOException {
        store = FileEvidenceStore.open(directory, LIMITS, time);
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    @Test
    void whatIsStoredIsFoundAfterARestart() throws IOException {
        DataRef ref = store.put(content(1, 500), label("e1", "t1"));
        reopen();

        Evidence found = store.get(ref).orElseThrow();
        assertThat(found.content()).isEqualTo(content(1, 500).array());
        assertThat(found.label()).isEqualTo(label("e1", "t1"));
        assertThat(ref.toString()).matches("sha256:[0-9a-f]{64}");
        assertThat(DataRef.parse(ref.toString())).isEqualTo(ref);
    }

    @Test
    void theSameContentIsKeptOnceForAllItsEvents() throws IOException {
        DataRef ref = store.put(content(1, 500), label("e1", "t1"));
        DataRef again = store.put(content(1, 500), label("e2", "t2"));

        assertThat(again).isEqualTo(ref);
        assertThat(store.usage().entries()).isEqualTo(1);
        assertThat(store.get(ref).orElseThrow().label().events()).containsExactlyInAnyOrder("e1", "e2");
        reopen();
        assertThat(store.get(ref).orElseThrow().label().tracks()).containsExactlyInAnyOrder("t1", "t2");
    }

    @Test
    void anErasedEventLeavesWhatOtherEventsStillNeed() throws IOException {
        DataRef shared = store.put(content(1, 100), label("e1", "t1"));
        store.put(content(1, 100), label("e2", "t1"));
        DataRef own = store.put(content(2, 100), label("e1", "t1"));

        assertThat(store.eraseEvent("e1")).isEqualTo(1);
        reopen();
        assertThat(store.get(own)).isEmpty();
        assertThat(store.get(shared).orElseThrow().label().events()).containsExactly("e2");
        assertThat(store.eraseEvent("e2")).isEqualTo(1);
        assertThat(files()).isEmpty();
    }

    @Test
    void anErasedTrackLeavesNoFileThatShowsIt() throws IOException {
        store.put(content(1, 100), label("e1", "t1"));
        store.put(content(1, 100), label("e2", "t2"));
        DataRef other = store.put(content(2, 100), label("e1", "t3"));

        assertThat(store.eraseTrack("t1")).isEqualTo(1);
        assertThat(files())
                .hasSize(2)
                .allMatch(name -> name.startsWith(other.hex().substring(2)));
        assertThat(store.usage().erased()).isEqualTo(1);
        assertThat(store.eraseTrack("t1")).isZero();
    }

    @Test
    void theOldestMakesRoomAndTheStoreNeverOutgrowsItsBound() throws IOException {
        List<DataRef> refs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            time.advance(Duration.ofSeconds(1));
            refs.add(store.put(content(i, 700), label("e" + i, "t")));
            assertThat(store.usage().bytes()).isEqualTo(bytesOnDisk()).isLessThanOrEqualTo(LIMITS.maxBytes());
        }
        assertThat(store.get(refs.getFirst())).isEmpty();
        assertThat(store.get(refs.getLast())).isPresent();
        assertThat(store.usage().evicted()).isEqualTo(20 - store.usage().entries());
    }

    @Test
    void aContentLargerThanTheStoreIsRefusedAndEvictsNothing() throws IOException {
        DataRef ref = store.put(content(1, 500), label("e1", "t1"));

        assertThatThrownBy(() -> store.put(content(2, 4001), label("e2", "t2")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("4001 bytes is larger than the whole store of 4000");
        assertThat(store.get(ref)).isPresent();
    }

    @Test
    void evidenceExpiresWhetherTheStoreWasOpenOrNot() throws IOException {
        DataRef first = store.put(content(1, 100), label("e1", "t1"));
        time.advance(Duration.ofHours(13));
        DataRef second = store.put(content(2, 100), label("e2", "t2"));
        time.advance(Duration.ofHours(12));

        assertThat(store.expire()).isEqualTo(1);
        assertThat(store.get(first)).isEmpty();
        store.close();
        time.advance(Duration.ofHours(13));
        store = FileEvidenceStore.open(directory, LIMITS, time);
        assertThat(store.get(second)).isEmpty();
        assertThat(files()).isEmpty();
    }

    @Test
    void aChangedContentIsDetectedAndStoringItAgainRepairsIt() throws IOException {
        DataRef ref = store.put(content(1, 500), label("e1", "t1"));
        Path file = find(".content");
        byte[] bytes = Files.readAllBytes(file);
        bytes[250] ^= 1;
        Files.write(file, bytes);

        assertThatThrownBy(() -> store.get(ref))
                .isInstanceOf(CorruptEvidenceException.class)
                .hasMessageContaining(ref.toString());
        assertThat(store.usage().corrupt()).isEqualTo(1);
        store.put(content(1, 500), label("e2", "t2"));
        assertThat(store.get(ref).orElseThrow().label().events()).containsExactlyInAnyOrder("e1", "e2");
        assertThat(store.usage().bytes()).isEqualTo(bytesOnDisk());
    }

    @Test
    void aContentThatVanishedIsDetected() throws IOException {
        DataRef ref = store.put(content(1, 500), label("e1", "t1"));
        Files.delete(find(".content"));

        assertThatThrownBy(() -> store.get(ref)).isInstanceOf(CorruptEvidenceException.class);
    }

    @Test
    void aContentThatVanishedUnnoticedIsWrittenAgainAndCanBeErased() throws IOException {
        DataRef ref = store.put(content(1, 500), label("e1", "t1"));
        Files.delete(find(".content"));
        store.put(content(1, 500), label("e2", "t1"));
        assertThat(store.get(ref)).isPresent();

        Files.delete(find(".content"));
        assertThat(store.eraseEvent("e1")).isZero();
        assertThat(store.eraseEvent("e2")).isEqualTo(1);
        assertThat(files()).isEmpty();
    }

    @Test
    void whatACrashLeftHalfWrittenIsGoneAfterARestart() throws IOException {
        DataRef ref = store.put(content(1, 500), label("e1", "t1"));
        Files.delete(find(".label"));
        Files.write(find(".content").resolveSibling("123.tmp"), new byte[10]);
        Files.write(
                find(".content").resolveSibling("no-digest.label"),
                "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        reopen();

        assertThat(store.get(ref)).isEmpty();
        assertThat(files()).isEmpty();
        assertThat(store.usage().bytes()).isZero();
    }

    @Test
    void anUnreadableLabelTakesItsContentWithItSinceNobodyCouldEraseIt() throws IOException {
        store.put(content(1, 500), label("e1", "t1"));
        Files.write(find(".label"), new byte[] {'{', 1});
        reopen();

        assertThat(files()).isEmpty();
    }

    @Test
    void whatOneStoresTheOtherFindsErasesAndCounts() throws IOException {
        try (FileEvidenceStore other = FileEvidenceStore.open(directory, LIMITS, time)) {
            DataRef ref = store.put(content(1, 500), label("e1", "t1"));
            assertThat(other.get(ref).orElseThrow().content())
                    .isEqualTo(content(1, 500).array());
            other.put(content(1, 500), label("e2", "t2"));
            assertThat(store.put(content(1, 500), label("e3", "t3"))).isEqualTo(ref);
            assertThat(other.get(ref).orElseThrow().label().events()).contains("e1", "e2");
            assertThat(other.usage().bytes()).isEqualTo(bytesOnDisk());
            assertThat(other.eraseTrack("t3")).isEqualTo(1);
            assertThat(store.get(ref)).isEmpty();
            assertThat(store.usage().corrupt())
                    .as("erased by another is no damage")
                    .isZero();
            assertThat(store.usage().entries()).isZero();
        }
    }

    /** Several JVMs, one of them killed in the middle: the bound holds and what is there is whole. */
    @Test
    void processesShareADirectoryThoughOneIsKilled() throws Exception {
        Process first = Sharer.start(directory, 1);
        Process second = Sharer.start(directory, 2);
        await().atMost(Duration.ofSeconds(30)).until(() -> store.usage().entries() > 3);
        for (int i = 0; i < 40; i++) {
            store.put(content(1000 + i, 150 + i), label("mine", "t" + i));
            assertThat(store.usage().bytes()).isLessThanOrEqualTo(LIMITS.maxBytes());
        }
        first.destroyForcibly().waitFor();
        DataRef last = store.put(content(77, 90), label("last", "t"));
        assertThat(store.get(last)).isPresent();
        assertThat(second.isAlive()).isTrue();
        second.destroyForcibly().waitFor();
        reopen();
        assertThat(store.usage().bytes()).isEqualTo(bytesOnDisk()).isLessThanOrEqualTo(LIMITS.maxBytes());
        assertThat(store.usage().corrupt()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sha256:", "sha256:../../etc/passwd", "md5:00", "sha256:ABCD"})
    void aReferenceThatIsNoDigestNeverBecomesAPath(String text) {
        assertThatThrownBy(() -> DataRef.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readersAndWritersAndErasersDoNotDisturbEachOther() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Callable<Void>> work = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                int self = t;
                work.add(() -> {
                    for (int i = 0; i < 60; i++) {
                        DataRef ref = store.put(content(i % 7, 200), label("e" + self, "t" + i % 7));
                        store.get(ref).ifPresent(found -> assertThat(DataRef.of(ByteBuffer.wrap(found.content())))
                                .isEqualTo(ref));
                        if (i % 5 == self) {
                            store.eraseTrack("t" + (i + 1) % 7);
                        }
                    }
                    return null;
                });
            }
            for (Future<Void> one : threads.invokeAll(work)) {
                one.get();
            }
        }
        assertThat(store.usage().bytes()).isEqualTo(bytesOnDisk());
        assertThat(store.usage().corrupt()).isZero();
    }

    private void reopen() throws IOException {
        store.close();
        store = FileEvidenceStore.open(directory, LIMITS, time);
    }

    private static EvidenceLabel label(String event, String track) {
        return new EvidenceLabel("image/jpeg", Origin.REPLAY, 5, Set.of(event), Set.of(track));
    }

    private static ByteBuffer content(int seed, int length) {
        byte[] bytes = new byte[length];
        new java.util.Random(seed).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private Path find(String suffix) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(path -> path.toString().endsWith(suffix))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private List<String> files() throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(Files::isRegularFile)
                    .map(path -> path.getFileName().toString())
                    .filter(name -> !Turn.owns(name))
                    .toList();
        }
    }

    private long bytesOnDisk() throws IOException {
        long sum = 0;
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path path : walk.filter(Files::isRegularFile)
                    .filter(path -> !Turn.owns(path.getFileName().toString()))
                    .toList()) {
                sum += Files.size(path);
            }
        }
        return sum;
    }
}
