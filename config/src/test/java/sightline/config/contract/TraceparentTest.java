package sightline.config.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TraceparentTest {
    private static final String FORM = "00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]";

    @Test
    void aFrameHasTheSameTraceEveryTimeAndAnotherFrameAnother() {
        assertThat(Traceparent.root("cam/1/2")).matches(FORM).isEqualTo(Traceparent.root("cam/1/2"));
        assertThat(Traceparent.trace(Traceparent.root("cam/1/2")))
                .isNotEqualTo(Traceparent.trace(Traceparent.root("cam/1/3")));
    }

    @Test
    void aStagePassesTheTraceOnUnderASpanOfItsOwn() {
        String root = Traceparent.root("cam/1/2");
        String child = Traceparent.child(root, "perception");
        assertThat(child).matches(FORM);
        assertThat(Traceparent.trace(child)).isEqualTo(Traceparent.trace(root));
        assertThat(Traceparent.span(child)).isNotEqualTo(Traceparent.span(root));
        assertThat(Traceparent.sampled(child)).isEqualTo(Traceparent.sampled(root));
    }

    @Test
    void aboutOneFrameInEightIsSampled() {
        long sampled = IntStream.range(0, 8000)
                .filter(i -> Traceparent.sampled(Traceparent.root("cam/1/" + i)))
                .count();
        assertThat(sampled).isBetween(900L, 1100L);
    }

    @Test
    void whatIsNoContextHasNoChildAndIsNotSampled() {
        assertThat(Traceparent.child("", "perception")).isEmpty();
        assertThat(Traceparent.child("00-ab-cd-01", "perception")).isEmpty();
        assertThat(Traceparent.sampled("00-ab-cd-01")).isFalse();
    }
}
