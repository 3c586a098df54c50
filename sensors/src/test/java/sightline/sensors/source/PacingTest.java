package sightline.sensors.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;
import sightline.config.domain.EncodedFrame;

class PacingTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final List<EncodedFrame> received = new ArrayList<>();

    @AfterEach
    void disposeTimer() {
        timer.dispose();
    }

    @Test
    void aRecordingRunsInItsOwnTimeHoweverOldItIs() {
        Pacing.asRecorded(Fakes.frames(100), Stamped.FRAMES, 1, Fakes.timeOf(timer), timer)
                .subscribe(received::add);
        assertThat(received).hasSize(1);
        timer.advanceTimeBy(Duration.ofMillis(1050));
        assertThat(received).hasSize(11);
    }

    @Test
    void twiceTheSpeedIsHalfTheTime() {
        Pacing.asRecorded(Fakes.frames(100), Stamped.FRAMES, 2, Fakes.timeOf(timer), timer)
                .subscribe(received::add);
        timer.advanceTimeBy(Duration.ofMillis(1050));
        assertThat(received).hasSize(22);
    }

    @Test
    void whatIsPastComesAtOnceAndTheRestWhenItsTimeHasCome() {
        timer.advanceTimeBy(Duration.ofMillis(450));
        Pacing.atExposure(Fakes.frames(10), Stamped.FRAMES, Fakes.timeOf(timer), timer)
                .subscribe(received::add);
        assertThat(received).hasSize(5);
        timer.advanceTimeBy(Duration.ofMillis(100));
        assertThat(received).hasSize(6);
    }

    @Test
    void aSlowConsumerOfACameraGetsTheNewestAndTheLostAreNamed() {
        TestPublisher<EncodedFrame> camera = TestPublisher.create();
        List<Long> lost = new ArrayList<>();
        var slow = new BaseSubscriber<EncodedFrame>() {
            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
                subscription.request(1);
            }

            @Override
            protected void hookOnNext(EncodedFrame frame) {
                received.add(frame);
            }
        };
        Pacing.newest(camera.flux(), f -> lost.add(f.header().sequence())).subscribe(slow);
        for (int i = 0; i < 6; i++) {
            camera.next(Fakes.frame(i, i));
        }
        slow.request(1);
        assertThat(received).extracting(f -> f.header().sequence()).containsExactly(0L, 5L);
        assertThat(lost).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void aRecordingMovedInTimeKeepsItsIntervals() {
        Pacing.startingAt(Fakes.frames(3), Stamped.FRAMES, 5_000_000_000L).subscribe(received::add);
        assertThat(received)
                .extracting(f -> f.header().time().exposureNanos())
                .containsExactly(5_000_000_000L, 5_100_000_000L, 5_200_000_000L);
    }
}
