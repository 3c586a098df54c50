package sightline.pipeline.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import sightline.config.domain.RenderRequest;
import sightline.config.domain.RenderResult;
import sightline.config.domain.RenderResult.Verdict;
import sightline.config.evidence.DataRef;
import sightline.config.evidence.Evidence;
import sightline.config.evidence.EvidenceLimits;
import sightline.config.evidence.EvidenceStore;
import sightline.config.evidence.FileEvidenceStore;
import sightline.config.ledger.Ledger;
import sightline.config.time.TimeSource;
import sightline.operators.depict.ReadBackGate;
import sightline.sensors.broker.EmbeddedBroker;
import sightline.sensors.kafka.Outbound;

/** The branch on a real broker: what a flood, a repetition and an erasure do to it. */
@Tag("long")
class DepictionStageTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int WAITING = 16;

    @TempDir
    private Path folder;

    private final TimeSource time = TimeSource.system();
    private EmbeddedBroker broker;
    private Bus bus;
    private EvidenceStore store;
    private DepictionStage stage;
    private Answers answers;

    @BeforeEach
    void start() throws IOException {
        broker = EmbeddedBroker.temporary();
        bus = Bus.connect(broker.bootstrapServers(), PlazaSource.now(7, 1).site(), Ledger.create(time), time);
        store = FileEvidenceStore.open(folder, new EvidenceLimits(1L << 26, Duration.ofDays(1)), time);
        stage = DepictionStage.start(
                bus,
                store,
                List.of(),
                new ReadBackGate(image -> ReadBackGate.Sight.nothing(), ReadBackGate.Tolerance.DEFAULT),
                new DepictionStage.Limits(WAITING, Duration.ofSeconds(30)));
        answers = new Answers(bus);
    }

    @AfterEach
    void stop() throws IOException {
        answers.close();
        stage.close();
        store.close();
        bus.close();
        broker.close();
    }

    private void send(List<RenderRequest> requests) {
        bus.sink().send(Flux.fromIterable(requests).map(Wishes::record)).blockLast(PATIENCE);
    }

    @Test
    void ofAThousandRequestsAtOnceEachIsAnsweredOnceAndTheOldestOfTheLeastUrgentAreRefusedWithAReason() {
        List<RenderRequest> flood = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            // Eight urgent ones in the middle of it, and every tenth request comes twice.
            flood.add(Wishes.schematic("event-" + i, i % 125 == 60 ? 5 : 0, time));
            if (i % 10 == 0) {
                flood.add(flood.getLast());
            }
        }
        send(flood);
        await().atMost(PATIENCE).until(() -> answers.finals().size() >= 1000);
        assertThat(answers.finals()).as("none twice").hasSize(1000);
        assertThat(answers.all().map(RenderResult::event).distinct()).hasSize(1000);
        List<RenderResult> refused =
                answers.all().filter(r -> r.verdict() == Verdict.REFUSED).toList();
        assertThat(refused).hasSizeGreaterThan(500).allSatisfy(r -> {
            assertThat(r.reason())
                    .contains("more than " + WAITING + " requests wait")
                    .contains("least urgent");
            assertThat(number(r) % 125).isNotEqualTo(60);
        });
        assertThat(answers.all().filter(r -> r.verdict() == Verdict.EXEMPT).map(DepictionStageTest::number))
                .as("the newest are among those drawn")
                .contains(999, 998);
    }

    private static int number(RenderResult r) {
        return Integer.parseInt(r.event().substring(6));
    }

    @Test
    void whoIsErasedIsInNoDepictionAnyMoreAndInNoNewOne() throws IOException {
        send(List.of(Wishes.of("fall", "ann", time), Wishes.of("crowd", "bob", time), Wishes.of("enter", "cid", time)));
        await().atMost(PATIENCE).until(() -> answers.finals().size() == 3);
        assertThat(kept("fall")).isPresent();

        tell(Erasure.ofEvent("fall", time.nanos()));
        await().atMost(PATIENCE).until(() -> kept("fall").isEmpty());
        assertThat(kept("crowd")).isPresent();
        tell(Erasure.ofTrack("bob", time.nanos()));
        await().atMost(PATIENCE).until(() -> kept("crowd").isEmpty());
        assertThat(kept("enter")).isPresent();

        send(List.of(Wishes.of("another", "bob", time), Wishes.of("yet another", "cid", time)));
        await().atMost(PATIENCE).until(() -> answers.finals().size() == 5);
        assertThat(answers.of("another").verdict()).isEqualTo(Verdict.REFUSED);
        assertThat(answers.of("another").reason()).contains("erased");
        assertThat(answers.of("yet another").verdict()).isEqualTo(Verdict.EXEMPT);
    }

    private void tell(Outbound wish) {
        bus.sink().send(wish).block(PATIENCE);
    }

    private Optional<Evidence> kept(String event) throws IOException {
        return store.get(DataRef.parse(answers.of(event).image()));
    }
}
