package sightline.config.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.config.time.TimeSource;

class LedgerConcurrencyTest {

    private static final List<Disposition> DISPOSITIONS = List.of(Disposition.values());
    private static final int THREADS = 4;
    private static final int EACH = 50_000;

    private final Ledger ledger = Ledger.create(TimeSource.system());
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theEquationHoldsWhileTicketsChangeThreads(long seed) throws Exception {
        BlockingQueue<Ticket> handover = new ArrayBlockingQueue<>(64);
        AtomicBoolean running = new AtomicBoolean(true);
        List<Future<?>> work = new ArrayList<>();
        for (int t = 0; t < THREADS / 2; t++) {
            SplittableRandom random = new SplittableRandom(seed * 31 + t);
            work.add(threads.submit(repeat(() -> handover.put(ledger.open("c" + random.nextInt(3), "decode")))));
            work.add(threads.submit(repeat(() -> handover.take().close(any(random)))));
        }
        Future<Long> worst = threads.submit(() -> {
            long unaccounted = 0;
            do {
                unaccounted = Math.max(unaccounted, ledger.snapshot().unaccounted());
            } while (running.get());
            return unaccounted;
        });
        for (Future<?> one : work) {
            one.get();
        }
        running.set(false);

        assertThat(worst.get()).isZero();
        LedgerSnapshot end = ledger.snapshot();
        assertThat(end.settled()).isTrue();
        assertThat(end.stage("decode").received()).isEqualTo((long) EACH * THREADS / 2);
        assertThat(end.stage("decode").closed()).isEqualTo((long) EACH * THREADS / 2);
    }

    @Test
    void ofManyThreadsThatCloseOneTicketOneWins() throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        for (int round = 0; round < 2000; round++) {
            Ticket ticket = ledger.open("c1", "decode");
            Callable<Boolean> close = () -> {
                start.await();
                return ticket.close(Disposition.DONE);
            };
            int won = 0;
            for (Future<Boolean> one : threads.invokeAll(List.of(close, close, close, close))) {
                won += one.get() ? 1 : 0;
            }
            assertThat(won).isEqualTo(1);
        }
        assertThat(ledger.snapshot().stage("decode").done()).isEqualTo(2000);
        assertThat(ledger.snapshot().settled()).isTrue();
    }

    private interface Step {
        void run() throws Exception;
    }

    private static Callable<Void> repeat(Step step) {
        return () -> {
            for (int i = 0; i < EACH; i++) {
                step.run();
            }
            return null;
        };
    }

    private static Disposition any(SplittableRandom random) {
        return DISPOSITIONS.get(random.nextInt(DISPOSITIONS.size()));
    }
}
