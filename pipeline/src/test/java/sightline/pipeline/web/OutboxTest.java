package sightline.pipeline.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static Message data(String slot, String value) {
        return new Message("tick", slot, false, Buffer.buffer(value));
    }

    private static Message control(String value) {
        return Message.control(Buffer.buffer(value));
    }

    private static List<String> drained(Outbox outbox) {
        List<String> out = new ArrayList<>();
        for (Message m = outbox.poll(); m != null; m = outbox.poll()) {
            out.add(m.body().toString());
        }
        return out;
    }

    @Test
    void newerDataSupersedesOlderWithoutLosingItsTurnAndControlGoesFirst() {
        var outbox = new Outbox(8);
        outbox.offer(data("a", "a1"));
        outbox.offer(data("b", "b1"));
        outbox.offer(control("c1"));
        outbox.offer(data("a", "a2"));
        outbox.offer(control("c2"));
        assertThat(drained(outbox)).containsExactly("c1", "c2", "a2", "b1");
        assertThat(outbox.superseded()).isEqualTo(1);
    }

    @Test
    void aFullControlQueueIsSaidAndNeverThinned() {
        var outbox = new Outbox(2);
        assertThat(outbox.offer(control("1"))).isTrue();
        assertThat(outbox.offer(control("2"))).isTrue();
        assertThat(outbox.offer(control("3"))).isFalse();
        assertThat(drained(outbox)).containsExactly("1", "2");
    }

    @Test
    void conflatingSkipsToTheNewestOfEachKeyAndNeverRunsTwiceAtOnce() {
        List<Runnable> tasks = new ArrayList<>();
        Executor later = tasks::add;
        List<String> seen = new ArrayList<>();
        var conflating = new Conflating<String, Integer>(later, (k, v) -> seen.add(k + v));
        conflating.offer("a", 1);
        conflating.offer("b", 1);
        conflating.offer("a", 2);
        assertThat(tasks).hasSize(1);
        tasks.removeFirst().run();
        conflating.offer("a", 3);
        assertThat(tasks).hasSize(1);
        tasks.removeFirst().run();
        assertThat(seen).containsExactly("a2", "b1", "a3");
    }
}
