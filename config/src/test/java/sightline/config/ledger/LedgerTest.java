package sightline.config.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sightline.config.time.ManualTime;

class LedgerTest {

    private final Ledger ledger = Ledger.create(new ManualTime(42));

    @Test
    void everyDispositionIsBookedUnderItsName() {
        int times = 0;
        for (Disposition disposition : Disposition.values()) {
            times++;
            for (int i = 0; i < times; i++) {
                ledger.open("c1", "decode").close(disposition);
            }
        }
        Ticket open = ledger.open("c1", "decode");

        assertThat(row()).isEqualTo(new LedgerRow("c1", "decode", 16, 1, 1, 2, 3, 4, 5, 0, 0, 0));
        assertThat(ledger.snapshot().settled()).isFalse();
        assertThat(open.close(Disposition.DONE)).isTrue();
        assertThat(ledger.snapshot().settled()).isTrue();
        assertThat(ledger.snapshot().nanos()).isEqualTo(42);
    }

    @Test
    void aSecondCloseChangesNothing() {
        Ticket ticket = ledger.open("c1", "decode");

        assertThat(ticket.close(Disposition.SUPERSEDED)).isTrue();
        assertThat(ticket.close(Disposition.DONE)).isFalse();

        assertThat(ticket.closed()).isTrue();
        assertThat(row()).isEqualTo(new LedgerRow("c1", "decode", 1, 0, 0, 1, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void redeliveriesAreCountedApart() {
        ledger.open("c1", "decode", 7, 0).close(Disposition.DONE);
        Ticket again = ledger.open("c1", "decode", 7, 0);
        ledger.open("c1", "decode", 8, 0).close(Disposition.DONE);

        assertThat(again.redelivered()).isTrue();
        assertThat(again.close(Disposition.FAILED)).isTrue();
        assertThat(row()).isEqualTo(new LedgerRow("c1", "decode", 2, 0, 2, 0, 0, 0, 0, 1, 0, 0));
    }

    @Test
    void camerasAndStagesDoNotShareRows() {
        ledger.open("c2", "infer").close(Disposition.DONE);
        ledger.open("c1", "decode").close(Disposition.INVALID);
        ledger.open("c1", "infer").close(Disposition.DONE);

        LedgerSnapshot snapshot = ledger.snapshot();
        assertThat(snapshot.rows())
                .extracting(row -> row.stage() + " " + row.camera())
                .containsExactly("decode c1", "infer c1", "infer c2");
        assertThat(snapshot.stage("infer").done()).isEqualTo(2);
        assertThat(snapshot.stage("decode").invalid()).isEqualTo(1);
        assertThat(snapshot.row("c2", "decode")).isEmpty();
    }

    @Test
    void inventedCameraNamesDoNotGrowTheBooksForEver() {
        for (int i = 0; i < Ledger.MAX_ACCOUNTS + 100; i++) {
            ledger.open("camera-" + i, "decode").close(Disposition.INVALID);
        }
        LedgerSnapshot snapshot = ledger.snapshot();
        assertThat(snapshot.rows()).hasSize(Ledger.MAX_ACCOUNTS + 1);
        assertThat(snapshot.row(Ledger.OVERFLOW, "decode").orElseThrow().invalid())
                .isEqualTo(100);
    }

    private LedgerRow row() {
        return ledger.snapshot().row("c1", "decode").orElseThrow();
    }
}
