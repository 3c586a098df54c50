package sightline.kernels.cuda;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import sightline.kernels.cuda.driver.CudaFailure;
import sightline.kernels.cuda.program.Program;
import sightline.kernels.engine.PendingRun;

/**
 * Overlaps the runs of a session: while the network computes one batch in the device's stream, the next is decoded and made
 * into tensors in a {@link Lanes lane} and the last one's results are copied back in a third stream. Events order them on the
 * device; the host waits for results alone. Networks run in the order in which their inputs were issued.
 *
 * <p>Threading: one thread begins runs, any finish them. Opened and closed on the device's thread; what is under way then is
 * waited for, and what was not launched yet fails.
 */
final class Conveyor implements AutoCloseable {
    /** Beside those that lanes prepare, one waits for its turn, one computes and one is being read. */
    private static final int BESIDE_LANES = 3;

    private final CudaSession session;
    private final CudaDevice device;
    private final Lanes lanes;
    private final int generation;
    private final List<Seat> seats = new ArrayList<>();
    private final Turn turn = new Turn();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Seat> free = new ArrayDeque<>();
    private final Set<Trip> underWay = new HashSet<>();
    private boolean closed;
    /** Written by the thread that waits for results. */
    private volatile RunTimes times = RunTimes.NONE;

    /** Issues what writes a run's inputs to a seat, in the stream of the lane whose thread it is called on. */
    interface Feed {
        void into(Seat seat, Lanes.Lane lane, int number);
    }

    Conveyor(CudaSession session, Program program, SessionMemory memory) {
        this.session = session;
        this.device = session.device();
        this.lanes = device.lanes();
        this.generation = device.generation();
        try {
            for (int i = 0; i < lanes.count() + BESIDE_LANES; i++) {
                seats.add(new Seat(device, program, memory));
            }
        } catch (RuntimeException failure) {
            closeSeats(failure);
            throw failure;
        }
        free.addAll(seats);
    }

    /** Begins a run; waits for a seat where all are taken. The session's memory is relied on until it is closed. */
    PendingRun begin(Feed feed) {
        int number = lanes.next();
        Lanes.Lane lane = lanes.lane(number);
        Trip trip;
        lock.lock();
        try {
            while (free.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            refuseIfClosed();
            trip = new Trip(this, free.remove());
            underWay.add(trip);
        } finally {
            lock.unlock();
        }
        turn.began(trip.began());
        session.rely();
        try {
            lane.submit(() -> prepare(trip, lane, number, feed));
        } catch (RuntimeException refused) {
            fail(trip, refused);
            trip.prepared().complete(null);
        }
        return trip;
    }

    /** On the lane's thread. */
    private void prepare(Trip trip, Lanes.Lane lane, int number, Feed feed) {
        try {
            device.inContext(generation, () -> fill(trip.seat(), lane, number, feed));
            device.submit(() -> launch(trip));
        } catch (Throwable failure) {
            fail(trip, failure);
        } finally {
            trip.prepared().complete(null);
        }
    }

    private static void fill(Seat seat, Lanes.Lane lane, int number, Feed feed) {
        try {
            feed.into(seat, lane, number);
            seat.filled(lane.stream());
        } catch (Throwable failure) {
            // What was issued must be through before the seat goes to another.
            try {
                lane.stream().synchronize("giving a batch up");
            } catch (CudaFailure lost) {
                failure.addSuppressed(lost);
            }
            throw failure;
        }
    }

    /** On the device's thread. */
    private void launch(Trip trip) {
        try {
            lock.lock();
            try {
                refuseIfClosed();
            } finally {
                lock.unlock();
            }
            if (generation != device.generation()) {
                throw new CudaFailure(CudaFailure.Kind.STICKY, 0, "The GPU context that this was to run in is gone.");
            }
            trip.seat().launch(lanes.back());
            trip.launch();
            lanes.watch(() -> arrive(trip));
        } catch (RuntimeException | Error failure) {
            fail(trip, failure);
        }
    }

    private void refuseIfClosed() {
        if (closed) {
            throw new IllegalStateException("The session is closed");
        }
    }

    /** On the thread that waits for results. */
    private void arrive(Trip trip) {
        try {
            device.inContext(generation, () -> {
                Seat seat = trip.seat();
                seat.await("running " + session.graph().name());
                long now = System.nanoTime();
                long ready = now - seat.filledBefore();
                long copying = seat.computedBefore();
                turn.ended(trip.began(), ready, now - copying, seat.computing());
                times = times.plus(ready - trip.began(), seat.waiting(), seat.computing(), copying);
            });
            trip.over().complete(null);
        } catch (RuntimeException | Error failure) {
            fail(trip, failure);
        }
        signal();
    }

    RunTimes times() {
        return times;
    }

    private void fail(Trip trip, Throwable why) {
        if (trip.over().completeExceptionally(why)) {
            turn.failed(trip.began(), System.nanoTime());
            signal();
        }
    }

    String network() {
        return session.graph().name();
    }

    /** A run was closed. */
    void leave(Trip trip) {
        lock.lock();
        try {
            underWay.remove(trip);
            free.add(trip.seat());
        } finally {
            lock.unlock();
        }
        session.release();
        signal();
    }

    private void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the next run should begin: as late as the network has work until it is prepared. */
    void awaitTurn() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed) {
                long wait = turn.untilNext(System.nanoTime());
                if (free.isEmpty()) {
                    changed.await();
                } else if (wait <= 0) {
                    return;
                } else {
                    changed.awaitNanos(wait);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until nothing is under way but what was through and is being read; not on the device's thread. */
    void quiesce() {
        travelling().forEach(trip -> trip.over().exceptionally(failed -> null).join());
    }

    private List<Trip> travelling() {
        lock.lock();
        try {
            return List.copyOf(underWay);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        List<Trip> left = travelling();
        // Lanes never wait for the device's thread, on which this is, nor does who waits for results.
        left.forEach(trip -> trip.prepared().join());
        left.stream()
                .filter(Trip::launched)
                .forEach(trip -> trip.over().exceptionally(lost -> null).join());
        left.forEach(trip -> fail(trip, new IllegalStateException("The session was closed while this was under way")));
        if (generation == device.generation()) {
            lanes.settle();
        }
        closeSeats(null);
    }

    private void closeSeats(RuntimeException why) {
        RuntimeException first = why;
        for (Seat seat : seats) {
            try {
                seat.close();
            } catch (RuntimeException failure) {
                first = first == null ? failure : first;
            }
        }
        if (why == null && first != null) {
            throw first;
        }
    }
}
