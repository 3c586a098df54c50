package sightline.operators.perception;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class FreshestBatchesTest {
    private record Shot(String camera, int number) {}

    private final List<Shot> discarded = Collections.synchronizedList(new ArrayList<>());

    private Flux<List<Shot>> freshest(Flux<Shot> source, int maxBatch) {
        return FreshestBatches.of(source, Shot::camera, maxBatch, discarded::add);
    }

    @Test
    void newerShotSupersedesOneThatHasNotStarted() {
        TestPublisher<Shot> source = TestPublisher.create();
        StepVerifier.create(freshest(source.flux(), 8), 0)
                .then(() -> source.next(new Shot("a", 1), new Shot("b", 1), new Shot("a", 2)))
                .thenRequest(1)
                .expectNext(List.of(new Shot("a", 2), new Shot("b", 1)))
                .then(source::complete)
                .verifyComplete();
        assertThat(discarded).containsExactly(new Shot("a", 1));
    }

    @Test
    void fastCameraCannotStarveSlowOne() {
        TestPublisher<Shot> source = TestPublisher.create();
        StepVerifier.create(freshest(source.flux(), 1), 0)
                .then(() -> source.next(new Shot("slow", 1), new Shot("fast", 1), new Shot("fast", 2)))
                .thenRequest(1)
                .expectNext(List.of(new Shot("slow", 1)))
                .then(() -> source.next(new Shot("fast", 3)))
                .thenRequest(1)
                .expectNext(List.of(new Shot("fast", 3)))
                .thenCancel()
                .verify();
    }

    @Test
    void completionWaitsForWhatIsHeld() {
        StepVerifier.create(freshest(Flux.just(new Shot("a", 1), new Shot("b", 1)), 1), 0)
                .expectSubscription()
                .thenRequest(1)
                .expectNext(List.of(new Shot("a", 1)))
                .thenRequest(1)
                .expectNext(List.of(new Shot("b", 1)))
                .verifyComplete();
        assertThat(discarded).isEmpty();
    }

    @Test
    void cancelDiscardsWhatIsHeld() {
        TestPublisher<Shot> source = TestPublisher.create();
        StepVerifier.create(freshest(source.flux(), 8), 0)
                .then(() -> source.next(new Shot("a", 1), new Shot("b", 1)))
                .thenCancel()
                .verify();
        assertThat(discarded).containsExactlyInAnyOrder(new Shot("a", 1), new Shot("b", 1));
    }

    @Test
    void errorDiscardsWhatIsHeld() {
        TestPublisher<Shot> source = TestPublisher.create();
        StepVerifier.create(freshest(source.flux(), 8), 0)
                .then(() -> source.next(new Shot("a", 1)))
                .then(() -> source.error(new IllegalStateException("camera on fire")))
                .verifyErrorMessage("camera on fire");
        assertThat(discarded).containsExactly(new Shot("a", 1));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyShotIsEitherHandedOnOrDiscardedOnceWhateverTheRace(long seed) {
        int shots = 20_000;
        Random random = new Random(seed);
        Flux<Shot> source = Flux.range(0, shots)
                .map(i -> new Shot("c" + random.nextInt(5), i))
                .publishOn(Schedulers.single(), 64);
        AtomicInteger handedOn = new AtomicInteger();
        freshest(source, 3)
                .publishOn(Schedulers.parallel(), 1)
                .doOnNext(batch -> handedOn.addAndGet(batch.size()))
                .blockLast();
        assertThat(handedOn.get() + discarded.size()).isEqualTo(shots);
    }
}
