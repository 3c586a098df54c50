package sightline.sensors.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;
import sightline.config.domain.Origin;
import sightline.config.domain.SensorStatus;
import sightline.config.domain.SensorStatus.State;

class SupervisedSourceTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final AtomicInteger opened = new AtomicInteger();
    private final List<State> states = new ArrayList<>();
    private final List<Integer> received = new ArrayList<>();

    @AfterEach
    void disposeTimer() {
        timer.dispose();
    }

    private SupervisedSource<Integer> supervise(Source<Integer> source, SourcePolicy policy) {
        SupervisedSource<Integer> supervised =
                new SupervisedSource<>(source, policy, Origin.LIVE, Fakes.timeOf(timer), timer);
        supervised.statuses().map(SensorStatus::state).distinctUntilChanged().subscribe(states::add);
        return supervised;
    }

    private Flux<Integer> ticking(Duration every) {
        return Flux.interval(every, timer).map(Long::intValue);
    }

    @Test
    void aCameraThatIsOfflineAtTheStartIsTriedUntilItAnswers() {
        var source = supervise(
                Fakes.attempts(
                        "cam",
                        opened,
                        n -> n < 3 ? Flux.error(new IOException("refused")) : ticking(Duration.ofMillis(100))),
                SourcePolicy.CAMERA);
        Disposable running = source.observations().subscribe(received::add);
        assertThat(source.status().state()).isEqualTo(State.BACKOFF);
        assertThat(source.status().reason()).contains("refused");
        timer.advanceTimeBy(Duration.ofMillis(500 + 1000 + 2000 + 250));
        assertThat(opened).hasValue(4);
        assertThat(source.status().state()).isEqualTo(State.LIVE);
        assertThat(received).containsExactly(0, 1);
        assertThat(states)
                .containsExactly(
                        State.CONNECTING,
                        State.BACKOFF,
                        State.CONNECTING,
                        State.BACKOFF,
                        State.CONNECTING,
                        State.BACKOFF,
                        State.CONNECTING,
                        State.LIVE);
        running.dispose();
    }

    @Test
    void silenceIsAStallThenANewAttempt() {
        var source = supervise(
                Fakes.attempts(
                        "cam",
                        opened,
                        n -> n == 0 ? Flux.concat(Flux.just(1, 2), Flux.never()) : ticking(Duration.ofMillis(100))),
                SourcePolicy.CAMERA);
        Disposable running = source.observations().subscribe(received::add);
        assertThat(source.status().state()).isEqualTo(State.LIVE);
        timer.advanceTimeBy(Duration.ofSeconds(4));
        assertThat(source.status().state()).isEqualTo(State.STALLED);
        assertThat(source.status().reason()).contains("silent");
        timer.advanceTimeBy(Duration.ofSeconds(9));
        assertThat(opened).hasValue(2);
        assertThat(source.status().state()).isEqualTo(State.LIVE);
        running.dispose();
    }

    @Test
    void aCameraThatAnswersButNeverSendsIsTriedAgain() {
        var source = supervise(Fakes.attempts("cam", opened, n -> Flux.never()), SourcePolicy.CAMERA);
        Disposable running = source.observations().subscribe(received::add);
        timer.advanceTimeBy(Duration.ofSeconds(60));
        assertThat(opened.get()).isBetween(4, 6);
        running.dispose();
    }

    @Test
    void aSlowConsumerIsNoStall() {
        var source = supervise(Fakes.attempts("cam", opened, n -> Flux.range(0, 1000)), SourcePolicy.RECORDING);
        var subscriber = new BaseSubscriber<Integer>() {
            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
                subscription.request(3);
            }

            @Override
            protected void hookOnNext(Integer value) {
                received.add(value);
            }
        };
        source.observations().subscribe(subscriber);
        timer.advanceTimeBy(Duration.ofMinutes(5));
        assertThat(received).hasSize(3);
        assertThat(source.status().state()).isEqualTo(State.LIVE);
        assertThat(opened).hasValue(1);
        subscriber.cancel();
    }

    @Test
    void whatIsBrokenForGoodIsNotTriedAgainAndEndsQuietly() {
        var source = supervise(
                Fakes.attempts("cam", opened, n -> Flux.error(new BrokenSourceException("no such file"))),
                SourcePolicy.CAMERA);
        AtomicInteger completed = new AtomicInteger();
        source.observations().doOnComplete(completed::incrementAndGet).subscribe(received::add);
        assertThat(source.status().state()).isEqualTo(State.FAILED);
        assertThat(source.status().reason()).isEqualTo("no such file");
        assertThat(completed).hasValue(1);
        timer.advanceTimeBy(Duration.ofMinutes(5));
        assertThat(opened).hasValue(1);
    }

    @Test
    void attemptsRunOutAndStartAnewAfterSuccess() {
        var source = supervise(
                Fakes.attempts(
                        "cam",
                        opened,
                        n -> n == 2
                                ? Flux.concat(Flux.just(7), Flux.error(new IOException("lost")))
                                : Flux.error(new IOException("refused"))),
                SourcePolicy.RECORDING);
        source.observations().subscribe(received::add);
        timer.advanceTimeBy(Duration.ofMinutes(5));
        // Two failures, a success that clears the count, its own failure, and two more.
        assertThat(opened).hasValue(5);
        assertThat(source.status().state()).isEqualTo(State.FAILED);
        assertThat(received).containsExactly(7);
    }

    @Test
    void aRecordingThatEndsIsRemovedAndACameraThatEndsIsReconnected() {
        var recording = supervise(Fakes.attempts("cam", opened, n -> Flux.just(1, 2)), SourcePolicy.RECORDING);
        recording.observations().subscribe(received::add);
        assertThat(recording.status().state()).isEqualTo(State.REMOVED);
        assertThat(opened).hasValue(1);
        var camera = supervise(Fakes.attempts("cam", opened, n -> Flux.just(1, 2)), SourcePolicy.CAMERA);
        Disposable running = camera.observations().subscribe(received::add);
        timer.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(opened.get()).isGreaterThan(2);
        running.dispose();
    }

    @Test
    void cancellationEndsItInEveryState() {
        List<Flux<Integer>> behaviours = List.of(
                Flux.never(),
                Flux.concat(Flux.just(1), Flux.never()),
                Flux.error(new IOException("refused")),
                ticking(Duration.ofMillis(100)));
        for (Flux<Integer> behaviour : behaviours) {
            for (long wait : new long[] {0, 300, 3000}) {
                opened.set(0);
                var source = supervise(Fakes.attempts("cam", opened, n -> behaviour), SourcePolicy.CAMERA);
                Disposable running = source.observations().subscribe(received::add);
                timer.advanceTimeBy(Duration.ofMillis(wait));
                running.dispose();
                assertThat(source.status().state()).isEqualTo(State.REMOVED);
                int attempts = opened.get();
                timer.advanceTimeBy(Duration.ofMinutes(2));
                assertThat(opened).hasValue(attempts);
                assertThat(source.status().state()).isEqualTo(State.REMOVED);
            }
        }
    }

    @Test
    void heartbeatsTellTheRate() {
        var source =
                supervise(Fakes.attempts("cam", opened, n -> ticking(Duration.ofMillis(100))), SourcePolicy.CAMERA);
        List<SensorStatus> beats = new ArrayList<>();
        source.statuses().subscribe(beats::add);
        Disposable running = source.observations().subscribe(received::add);
        timer.advanceTimeBy(Duration.ofSeconds(5));
        assertThat(beats.size()).isBetween(6, 9);
        assertThat(beats.getLast().rateHz()).isBetween(9.0, 11.0);
        running.dispose();
    }
}
