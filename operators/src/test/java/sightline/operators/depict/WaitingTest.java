package sightline.operators.depict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.config.domain.Origin;
import sightline.config.domain.RenderRequest;
import sightline.operators.depict.Waiting.Refusal;

class WaitingTest {
    private static RenderRequest request(long seed, int priority, long deadline) {
        return new RenderRequest(
                Briefs.fall(), SchematicDepictor.NAME, seed, 100, deadline, priority, 320, 180, Origin.SIMULATED);
    }

    @Test
    void urgentOvertakesEarlier() {
        Waiting waiting = new Waiting(4);
        waiting.offer(request(1, 0, 100), 0);
        waiting.offer(request(2, 5, 100), 0);
        assertThat(waiting.poll(0, new ArrayList<>()).orElseThrow().seed()).isEqualTo(2);
    }

    @Test
    void fullQueueRefusesOldestOfLeastUrgentWithAReason() {
        Waiting waiting = new Waiting(2);
        waiting.offer(request(1, 0, 100), 0);
        waiting.offer(request(2, 0, 100), 0);
        List<Refusal> refused = waiting.offer(request(3, 1, 100), 0);
        assertThat(refused).hasSize(1);
        assertThat(refused.getFirst().request().seed()).isEqualTo(1);
        assertThat(refused.getFirst().reason()).contains("least urgent");
    }

    @Test
    void sameRequestWaitsOnce() {
        Waiting waiting = new Waiting(2);
        waiting.offer(request(1, 0, 100), 0);
        assertThat(waiting.offer(request(1, 0, 100), 0)).isEmpty();
        assertThat(waiting.size()).isEqualTo(1);
    }

    @Test
    void whoAsksAgainMoreUrgentlyIsServedEarlierAndOnlyOnce() {
        Waiting waiting = new Waiting(4);
        waiting.offer(request(1, 1, 100), 0);
        waiting.offer(request(2, 0, 100), 0);
        waiting.raise(request(2, 5, 100));
        waiting.raise(request(3, 9, 100));
        assertThat(waiting.poll(0, new ArrayList<>()).orElseThrow().seed()).isEqualTo(2);
        assertThat(waiting.poll(0, new ArrayList<>()).orElseThrow().seed()).isEqualTo(1);
        assertThat(waiting.size()).isZero();
    }

    @Test
    void expiredRequestIsRefusedNotDrawn() {
        Waiting waiting = new Waiting(2);
        waiting.offer(request(1, 9, 50), 0);
        waiting.offer(request(2, 0, 100), 0);
        List<Refusal> refusals = new ArrayList<>();
        assertThat(waiting.poll(60, refusals).orElseThrow().seed()).isEqualTo(2);
        assertThat(refusals).extracting(r -> r.request().seed()).containsExactly(1L);
        assertThat(waiting.offer(request(3, 0, 10), 60)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void floodIsBoundedAndEveryRequestIsAnsweredOnce(long seed) {
        Random random = new Random(seed);
        Waiting waiting = new Waiting(16);
        int answered = 0;
        List<Refusal> refusals = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            answered += waiting.offer(request(i, random.nextInt(3), 50 + random.nextInt(100)), i / 10)
                    .size();
            assertThat(waiting.size()).isLessThanOrEqualTo(16);
            if (random.nextInt(10) == 0) {
                answered += waiting.poll(i / 10, refusals).isPresent() ? 1 : 0;
            }
        }
        while (waiting.poll(90, refusals).isPresent()) {
            answered++;
        }
        assertThat(answered + refusals.size()).isEqualTo(1000);
    }
}
