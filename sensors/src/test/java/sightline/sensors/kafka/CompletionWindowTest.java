package sightline.sensors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionWindowTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theCommittableOffsetNeverPassesTheOldestOpenRecord(long seed) {
        var random = new Random(seed);
        var window = new CompletionWindow();
        List<CompletionWindow.Slot> slots = new ArrayList<>();
        List<Long> offsets = new ArrayList<>();
        long offset = 0;
        for (int i = 0; i < 300; i++) {
            // Holes, as compaction and transaction markers leave them.
            offset += 1 + random.nextInt(3);
            slots.add(window.open(offset, Optional.of(1)));
            offsets.add(offset);
        }
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < slots.size(); i++) {
            order.add(i);
        }
        Collections.shuffle(order, random);
        boolean[] done = new boolean[slots.size()];
        for (int finished = 0; finished < order.size(); finished++) {
            int i = order.get(finished);
            window.complete(slots.get(i));
            window.complete(slots.get(i));
            done[i] = true;
            int front = 0;
            while (front < done.length && done[front]) {
                front++;
            }
            assertThat(window.completed().map(OffsetAndMetadata::offset))
                    .isEqualTo(front == 0 ? Optional.empty() : Optional.of(offsets.get(front - 1) + 1));
            assertThat(window.open()).isEqualTo(order.size() - finished - 1);
            assertThat(window.span()).isEqualTo(done.length - front);
        }
    }

    @Test
    void aRecordThatIsLetGoBlocksTheCommitButHoldsNoRoom() {
        var window = new CompletionWindow();
        var first = window.open(0, Optional.empty());
        var second = window.open(1, Optional.empty());
        window.abandon(first);
        window.abandon(first);
        window.complete(second);
        assertThat(window.open()).isZero();
        assertThat(window.completed()).isEmpty();
    }
}
