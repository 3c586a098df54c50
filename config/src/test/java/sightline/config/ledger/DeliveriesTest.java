package sightline.config.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class DeliveriesTest {

    private final Deliveries deliveries = new Deliveries();

    @Test
    void sequencesMayArriveOutOfOrderWithinTheWindow() {
        for (long sequence : new long[] {5, 3, 4, 0, 1000, 2, 1}) {
            assertThat(deliveries.seen(1, sequence)).isFalse();
        }
        for (long sequence : new long[] {0, 1, 2, 3, 4, 5, 1000}) {
            assertThat(deliveries.seen(1, sequence)).isTrue();
        }
    }

    @Test
    void whatFellOutOfTheWindowCountsAsSeen() {
        assertThat(deliveries.seen(1, 10)).isFalse();
        assertThat(deliveries.seen(1, 10 + Deliveries.WINDOW)).isFalse();
        assertThat(deliveries.seen(1, 10)).isTrue();
    }

    @Test
    void aSourceThatRestartsWithItsClockSetBackIsNotShutOut() {
        for (long epoch : new long[] {50, 60, 70, 80, 10, 9, 8}) {
            assertThat(deliveries.seen(epoch, 0)).isFalse();
        }
        assertThat(deliveries.seen(80, 0)).isTrue();
        assertThat(deliveries.seen(8, 0)).isTrue();
    }

    @Test
    void twoThreadsThatBringTheSameObservationAreToldApart() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Callable<Long> bring = () -> {
                long fresh = 0;
                for (long sequence = 0; sequence < 20_000; sequence++) {
                    fresh += deliveries.seen(sequence / 5000, sequence % 500) ? 0 : 1;
                }
                return fresh;
            };
            long fresh = 0;
            for (Future<Long> one : threads.invokeAll(List.of(bring, bring))) {
                fresh += one.get();
            }
            assertThat(fresh).isEqualTo(4 * 500);
        }
    }
}
