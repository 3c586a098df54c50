package sightline.sensors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class KeyedParallelTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void resultsOfEachKeyKeepTheirOrderAndNoneIsLost(long seed) {
        var random = new Random(seed);
        int[] keys = random.ints(2000, 0, 13).toArray();
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        List<Integer> results = KeyedParallel.map(Flux.range(0, keys.length), i -> keys[i], 4, 64, i -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    LockSupport.parkNanos(1000L * (i * 7919 % 50));
                    running.decrementAndGet();
                    return i;
                })
                .collectList()
                .block(Duration.ofSeconds(30));
        assertThat(results).hasSize(keys.length).doesNotHaveDuplicates();
        assertThat(most.get()).isBetween(2, 4);
        Map<Integer, Integer> newest = new HashMap<>();
        for (int i : results) {
            assertThat(newest.getOrDefault(keys[i], -1)).isLessThan(i);
            newest.put(keys[i], i);
        }
    }

    @Test
    void aSlowKeyHoldsUpNobodyElse() {
        var release = new CountDownLatch(1);
        var others = new AtomicInteger();
        var running = KeyedParallel.map(Flux.range(0, 100), i -> i == 0 ? "slow" : "key" + i, 2, 8, i -> {
                    if (i == 0) {
                        pass(release);
                    }
                    return i;
                })
                .subscribe(i -> others.incrementAndGet());
        await().until(() -> others.get() == 99);
        release.countDown();
        await().until(() -> others.get() == 100);
        running.dispose();
    }

    @Test
    void neverMoreThanTheBoundIsHeldForASubscriberThatAsksForNothing() {
        TestPublisher<Integer> upstream = TestPublisher.create();
        StepVerifier.create(KeyedParallel.map(upstream, i -> i, 2, 5, i -> i), 0)
                .then(() -> upstream.assertMinRequested(5).assertMaxRequested(5))
                .then(() -> upstream.next(1, 2, 3, 4, 5))
                .thenRequest(5)
                .expectNextCount(5)
                .then(() -> await().untilAsserted(() -> upstream.assertMinRequested(5)))
                .then(upstream::complete)
                .verifyComplete();
    }

    @Test
    void workThatReturnsNothingMakesRoomForMore() {
        assertThat(KeyedParallel.map(Flux.range(0, 500), i -> i % 3, 2, 4, i -> i % 2 == 0 ? i : null)
                        .count()
                        .block(Duration.ofSeconds(10)))
                .isEqualTo(250);
    }

    @Test
    void workThatThrowsEndsTheStreamAndWhatWasHeldIsDiscarded() {
        var discarded = new ArrayList<Integer>();
        var seen = new AtomicInteger();
        // What a source has not sent by the time of the failure is not held, so all of it has to have come.
        var all = new CountDownLatch(1);
        Flux<Integer> source = Flux.range(0, 20).doOnComplete(all::countDown);
        StepVerifier.create(KeyedParallel.map(source, i -> "one", 2, 20, i -> {
                            seen.incrementAndGet();
                            if (i == 3) {
                                pass(all);
                                throw new IllegalStateException("broken");
                            }
                            return i;
                        })
                        .doOnDiscard(Integer.class, i -> {
                            synchronized (discarded) {
                                discarded.add(i);
                            }
                        }))
                .expectNextCount(0)
                .thenConsumeWhile(i -> true)
                .verifyErrorMessage("broken");
        await().untilAsserted(() -> {
            synchronized (discarded) {
                assertThat(discarded).contains(3, 19).doesNotHaveDuplicates();
            }
        });
        assertThat(seen.get()).isEqualTo(4);
    }

    private static void pass(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
