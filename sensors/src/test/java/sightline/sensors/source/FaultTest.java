package sightline.sensors.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;
import sightline.config.domain.EncodedFrame;
import sightline.sensors.decode.JpegEncoder;
import sightline.sensors.decode.JpegHeader;
import sightline.sensors.decode.JpegLimits;
import sightline.sensors.scene.Plaza;
import sightline.sensors.scene.PlazaSettings;

class FaultTest {
    private static List<EncodedFrame> spoiled(Fault fault, int count) {
        Flux<EncodedFrame> flux = fault.spoil(Fakes.frames(count), Stamped.FRAMES);
        List<EncodedFrame> first = flux.collectList().block();
        // The same again: what is lost or doubled must not depend on who asked before.
        assertThat(flux.collectList().block()).isEqualTo(first);
        return first;
    }

    @Test
    void lossTakesItsShare() {
        assertThat(spoiled(new Fault.Loss(0.3, 5), 5000).size() / 5000.0).isCloseTo(0.7, within(0.03));
    }

    @Test
    void duplicateIdsRepeatTheNumberBefore() {
        List<EncodedFrame> frames = spoiled(new Fault.DuplicateIds(0.2, 5), 1000);
        long distinct = new HashSet<>(frames.stream().map(f -> f.header().id()).toList()).size();
        assertThat(frames).hasSize(1000);
        assertThat(distinct).isBetween(740L, 860L);
    }

    @Test
    void aSkewedClockIsOffAndDrifts() {
        List<EncodedFrame> frames = spoiled(new Fault.ClockSkew(Duration.ofMillis(40), 100), 601);
        assertThat(frames.getFirst().header().time().exposureNanos()).isEqualTo(40_000_000L);
        assertThat(frames.get(600).header().time().exposureNanos())
                .isEqualTo(60_000_000_000L + 40_000_000L + 6_000_000L);
    }

    @Test
    void aClockThatIsSetBackMakesTimeRunBackwards() {
        List<EncodedFrame> frames = spoiled(new Fault.ClockJump(5, Duration.ofHours(-1)), 10);
        assertThat(frames.get(5).header().time().exposureNanos())
                .isLessThan(frames.get(4).header().time().exposureNanos());
    }

    @Test
    void aFrozenPictureHasNewNumbersAndOldPixels() {
        List<EncodedFrame> frames = spoiled(new Fault.Frozen(3, 4), 10);
        assertThat(frames)
                .extracting(f -> f.header().sequence())
                .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(frames).extracting(f -> (int) f.payload().get(0)).containsExactly(0, 1, 2, 3, 3, 3, 3, 7, 8, 9);
    }

    @Test
    void jitterKeepsTheOrderAndReorderDoesNot() {
        VirtualTimeScheduler timer = VirtualTimeScheduler.create();
        List<Long> jittered = new ArrayList<>();
        List<Long> reordered = new ArrayList<>();
        new Fault.Jitter(Duration.ofMillis(50), 1, timer)
                .spoil(Fakes.frames(50), Stamped.FRAMES)
                .subscribe(f -> jittered.add(f.header().sequence()));
        new Fault.Reorder(Duration.ofMillis(50), 1, timer)
                .spoil(Fakes.frames(50), Stamped.FRAMES)
                .subscribe(f -> reordered.add(f.header().sequence()));
        timer.advanceTimeBy(Duration.ofSeconds(10));
        assertThat(jittered).hasSize(50).isSorted();
        assertThat(reordered).hasSize(50).doesNotHaveDuplicates();
        assertThat(reordered.stream().sorted().toList()).isNotEqualTo(reordered);
        timer.dispose();
    }

    @Test
    void anOutageIsAnErrorAndSilenceIsNothing() {
        AtomicReference<Throwable> error = new AtomicReference<>();
        new Fault.Outage(2).spoil(Fakes.frames(5), Stamped.FRAMES).subscribe(f -> {}, error::set);
        assertThat(error.get()).hasMessage("connection lost");
        List<EncodedFrame> heard = new ArrayList<>();
        List<String> ends = new ArrayList<>();
        new Fault.Silence(2)
                .spoil(Fakes.frames(5), Stamped.FRAMES)
                .subscribe(heard::add, e -> ends.add("error"), () -> ends.add("complete"));
        assertThat(heard).hasSize(2);
        assertThat(ends).isEmpty();
    }

    @Test
    void theResolutionChangesInTheMiddleOfTheStream() {
        Plaza plaza = Plaza.of(PlazaSettings.of(1).withPicture(160, 90, 10));
        JpegEncoder encoder = JpegEncoder.imageIo(85);
        Flux<EncodedFrame> frames =
                Flux.range(0, 4).map(i -> plaza.cameras().getFirst().frame(i, encoder));
        List<EncodedFrame> out = new ResolutionChange(2, 80, 45, encoder)
                .spoil(frames)
                .collectList()
                .block();
        assertThat(out).extracting(f -> f.header().width()).containsExactly(160, 160, 80, 80);
        assertThat(JpegHeader.read(out.get(3).payload(), JpegLimits.DEFAULT).width())
                .isEqualTo(80);
    }
}
