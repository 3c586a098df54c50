package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When batches are taken, on a device of this test's own in which time is a number. */
class TurnTest {
    private static final long MILLISECOND = 1_000_000;
    private static final int LANES = 2;
    private static final int SEATS = LANES + 2;

    private record Batch(long begun, long ready, long through, long took) {}

    /** What came of many batches: how long the network stood, and how long a batch lay ready before its turn. */
    private record Account(double idleShare, double waitedMs) {}

    private static Account run(long preparing, long computing, double noise, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Turn turn = new Turn();
        Deque<Batch> underWay = new ArrayDeque<>();
        long[] laneFree = new long[LANES];
        long now = 0;
        long networkFree = 0;
        long idle = 0;
        long waited = 0;
        int counted = 0;
        for (int i = 0; i < 400; i++) {
            long wait = turn.untilNext(now);
            while (!underWay.isEmpty() && (wait > 0 || underWay.size() == SEATS)) {
                Batch first = underWay.peek();
                if (underWay.size() < SEATS && first.through > now + wait) {
                    break;
                }
                now = Math.max(now, first.through);
                turn.ended(first.begun, first.ready, first.through, first.took);
                underWay.remove();
                wait = turn.untilNext(now);
            }
            now += Math.max(0, wait);
            while (!underWay.isEmpty() && underWay.peek().through <= now) {
                Batch first = underWay.remove();
                turn.ended(first.begun, first.ready, first.through, first.took);
            }
            turn.began(now);
            int lane = i % LANES;
            long ready = Math.max(now, laneFree[lane]) + vary(preparing, noise, random);
            laneFree[lane] = ready;
            long took = vary(computing, noise, random);
            long start = Math.max(ready, networkFree);
            if (i > 100) {
                idle += Math.max(0, ready - networkFree);
                waited += Math.max(0, networkFree - ready);
                counted++;
            }
            networkFree = start + took;
            underWay.add(new Batch(now, ready, networkFree, took));
        }
        return new Account((double) idle / (counted * computing), (double) waited / counted / MILLISECOND);
    }

    private static long vary(long typical, double noise, SplittableRandom random) {
        return (long) (typical * (1 + noise * (2 * random.nextDouble() - 1)));
    }

    /** The network never stands though batches are taken no earlier than they must be. */
    @ParameterizedTest
    @CsvSource({"5, 12, 0, 1", "5, 12, 0.2, 2", "2, 12, 0.4, 3", "10, 12, 0.1, 4"})
    void aNetworkThatIsTheBottleneckIsAlwaysBusyAndBatchesAreTakenLate(
            long preparing, long computing, double noise, long seed) {
        Account account = run(preparing * MILLISECOND, computing * MILLISECOND, noise, seed);
        assertThat(account.idleShare).isLessThan(0.01);
        assertThat(account.waitedMs).isLessThan(1 + 2 * noise * (preparing + computing));
    }

    /** Where preparing takes longer than computing, every lane is at it all the time. */
    @ParameterizedTest
    @CsvSource({"6, 1, 0, 1", "6, 1, 0.2, 2", "6, 2, 0.3, 3"})
    void lanesThatAreTheBottleneckAreAllAtWork(long preparing, long computing, double noise, long seed) {
        Account account = run(preparing * MILLISECOND, computing * MILLISECOND, noise, seed);
        double perBatch = computing * (1 + account.idleShare);
        assertThat(perBatch).isLessThan(1.1 * preparing / LANES);
    }
}
