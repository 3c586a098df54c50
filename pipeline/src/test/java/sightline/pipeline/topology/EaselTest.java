package sightline.pipeline.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import sightline.config.time.TimeSource;

class EaselTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void hungDepictorIsInterruptedAndTheNextOneDraws() {
        AtomicBoolean interrupted = new AtomicBoolean();
        Mono<Integer> hung = Mono.fromCallable(() -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
            return 1;
        });
        try (Easel easel = new Easel(new Arbiter(TimeSource.system()))) {
            assertThatThrownBy(() -> easel.on(Claim.FINAL, hung.flux(), SHORT).blockLast())
                    .hasMessageContaining("hung");
            await().atMost(LONG).untilTrue(interrupted);
            assertThat(easel.on(Claim.FINAL, Flux.just(7), LONG).blockLast()).isEqualTo(7);
        }
    }

    @Test
    void depictorThatIgnoresInterruptionHoldsNobodyUp() {
        AtomicBoolean stop = new AtomicBoolean();
        Mono<Integer> stubborn = Mono.fromCallable(() -> {
            while (!stop.get()) {
                Thread.onSpinWait();
            }
            return 1;
        });
        try (Easel easel = new Easel(new Arbiter(TimeSource.system()))) {
            assertThatThrownBy(
                            () -> easel.on(Claim.FINAL, stubborn.flux(), SHORT).blockLast())
                    .hasMessageContaining("hung");
            assertThat(easel.on(Claim.FINAL, Flux.just(7), LONG).blockLast()).isEqualTo(7);
        } finally {
            stop.set(true);
        }
    }
}
