package sightline.pipeline.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import sightline.config.domain.RenderResult;
import sightline.config.ledger.Ledger;
import sightline.config.time.TimeSource;
import sightline.sensors.broker.EmbeddedBroker;

/**
 * The branch as a process of its own that is killed with {@code kill -9} while it draws: its successor draws what is left,
 * and nothing that was drawn.
 */
@Tag("long")
class KilledBranchTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int REQUESTS = 40;

    @TempDir
    private Path folder;

    private final TimeSource time = TimeSource.system();

    @Test
    void killedInTheMiddleNoRequestIsLostAndNoneIsRenderedTwice() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.temporary();
                Bus bus = Bus.connect(
                        broker.bootstrapServers(), PlazaSource.now(7, 1).site(), Ledger.create(time), time);
                Answers answers = new Answers(bus);
                Member first = branch("first", broker)) {
            bus.sink()
                    .send(Flux.fromStream(IntStream.range(0, REQUESTS)
                            .mapToObj(i -> Wishes.record(Wishes.request("event-" + i, "somebody", 0, 1280, time)))))
                    .blockLast(PATIENCE);
            await().atMost(PATIENCE).until(() -> answers.finals().size() >= 5);
            first.kill();
            int drawnByTheFirst = answers.finals().size();
            assertThat(drawnByTheFirst).as("it was killed in the middle").isLessThan(REQUESTS);
            try (Member second = branch("second", broker)) {
                await().atMost(PATIENCE).until(() -> answers.finals().size() >= REQUESTS);
                assertThat(second.alive()).isTrue();
            }
            assertThat(answers.all().map(RenderResult::event)).hasSize(REQUESTS).doesNotHaveDuplicates();
            assertThat(answers.all().map(RenderResult::verdict)).containsOnly(RenderResult.Verdict.EXEMPT);
        }
    }

    private Member branch(String name, EmbeddedBroker broker) throws IOException {
        return Member.start(folder, name, broker.bootstrapServers(), "--roles", "DEPICTION");
    }
}
