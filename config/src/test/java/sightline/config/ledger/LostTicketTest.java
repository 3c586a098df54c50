package sightline.config.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sightline.config.time.TimeSource;

/** Dropping an observation without a word must show. */
class LostTicketTest {

    private final Ledger ledger = Ledger.create(TimeSource.system());

    @Test
    void aTicketThatNobodyClosedIsUnaccountedForWithItsCameraAndStage() {
        List<Ticket> held = new ArrayList<>();
        dropOpenTickets(3);
        held.add(ledger.open("c1", "decode"));
        ledger.open("c2", "decode").close(Disposition.DONE);

        await().untilAsserted(() -> {
            collect();
            LedgerRow row = ledger.snapshot().row("c1", "decode").orElseThrow();
            assertThat(row.lost()).isEqualTo(3);
            assertThat(row.unaccounted()).isEqualTo(3);
            assertThat(row.inFlight()).isEqualTo(1);
        });
        assertThat(ledger.snapshot().row("c2", "decode").orElseThrow().unaccounted())
                .isZero();
        assertThat(held.getFirst().close(Disposition.DONE)).isTrue();
        assertThat(ledger.snapshot().unaccounted()).isEqualTo(3);
    }

    @Test
    void aRedeliveredTicketThatNobodyClosedIsNoticedToo() {
        ledger.open("c1", "decode", 1, 1).close(Disposition.DONE);
        openAndForget(1, 1);

        await().untilAsserted(() -> {
            collect();
            assertThat(ledger.snapshot().unaccounted()).isEqualTo(1);
        });
    }

    @Test
    void aClosedTicketMayBeCollected() {
        for (int i = 0; i < 1000; i++) {
            ledger.open("c1", "decode").close(Disposition.DONE);
        }
        dropOpenTickets(1);
        // The one that was dropped open proves that the collector has been here.
        await().untilAsserted(() -> {
            collect();
            assertThat(ledger.snapshot().row("c1", "decode").orElseThrow().lost())
                    .isEqualTo(1);
        });
    }

    private void dropOpenTickets(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(ledger.open("c1", "decode").closed()).isFalse();
        }
    }

    private void openAndForget(long epoch, long sequence) {
        assertThat(ledger.open("c1", "decode", epoch, sequence).redelivered()).isTrue();
    }

    private static void collect() {
        System.gc();
    }
}
