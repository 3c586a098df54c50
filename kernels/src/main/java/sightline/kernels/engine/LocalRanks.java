package sightline.kernels.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import sightline.kernels.tensor.Tensor;

/**
 * Ranks that are threads of one process. Two slots alternate, so one barrier a call is enough: a rank that is a call
 * ahead writes to the slot that nobody reads any more.
 */
public final class LocalRanks {
    private final Tensor[][] slots;
    private final CyclicBarrier barrier;
    private final long timeoutMillis;

    private LocalRanks(int size, long timeoutMillis) {
        this.slots = new Tensor[2][size];
        this.barrier = new CyclicBarrier(size);
        this.timeoutMillis = timeoutMillis;
    }

    /** One communicator for each of {@code size} ranks; a rank that waits longer than the timeout fails them all. */
    public static List<Communicator> of(int size, long timeoutMillis) {
        LocalRanks world = new LocalRanks(size, timeoutMillis);
        List<Communicator> ranks = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            ranks.add(world.new Rank(i));
        }
        return ranks;
    }

    private final class Rank implements Communicator {
        private final int rank;
        private int turn;

        Rank(int rank) {
            this.rank = rank;
        }

        @Override
        public int rank() {
            return rank;
        }

        @Override
        public int size() {
            return slots[0].length;
        }

        @Override
        public List<Tensor> allGather(Tensor own) {
            Tensor[] slot = slots[turn];
            turn ^= 1;
            slot[rank] = own;
            try {
                barrier.await(timeoutMillis, TimeUnit.MILLISECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new EngineException("Rank " + rank + " was interrupted", interrupted);
            } catch (BrokenBarrierException | TimeoutException absent) {
                throw new EngineException("Rank " + rank + " waited in vain for the others", absent);
            }
            return Arrays.asList(slot.clone());
        }
    }
}
