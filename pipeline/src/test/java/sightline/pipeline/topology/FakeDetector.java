package sightline.pipeline.topology;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import sightline.config.domain.Box;
import sightline.config.domain.Detection;
import sightline.config.domain.Detections;
import sightline.config.domain.Frame;
import sightline.config.domain.ObjectClass;
import sightline.operators.perception.Look;
import sightline.operators.perception.Perceiver;

/** Finds one box in every picture, at a known place and in a known time; fails if it is told to. */
final class FakeDetector implements Perceiver<Detections> {
    private final String digest;
    private final double shift;
    private final boolean broken;
    private final Duration takes;
    private final boolean decodes;
    /** Of each batch that it was shown, how many frames. */
    final List<Integer> batches = new CopyOnWriteArrayList<>();

    /** Most batches that it was at at a time. */
    final AtomicInteger most = new AtomicInteger();

    private final AtomicInteger underWay = new AtomicInteger();
    /** Batches that are begun before the first of them has results; null where each is over when it was begun. */
    private final Semaphore room;

    volatile boolean closed;

    private FakeDetector(String digest, double shift, boolean broken, Duration takes, boolean decodes, int room) {
        this.room = room == 0 ? null : new Semaphore(room);
        this.digest = digest;
        this.shift = shift;
        this.broken = broken;
        this.takes = takes;
        this.decodes = decodes;
    }

    static FakeDetector shifted(String digest, double pixels) {
        return new FakeDetector(digest, pixels, false, Duration.ZERO, false, 0);
    }

    static FakeDetector broken(String digest) {
        return new FakeDetector(digest, 0, true, Duration.ZERO, false, 0);
    }

    static FakeDetector taking(String digest, Duration time) {
        return new FakeDetector(digest, 0, false, time, false, 0);
    }

    /** Sees up to eight frames together, and decodes them itself. */
    static FakeDetector decoding(String digest, Duration time) {
        return new FakeDetector(digest, 0, false, time, true, 0);
    }

    /** The same at two batches at a time: one waits while the other is seen. */
    static FakeDetector overlapping(String digest, Duration time) {
        return new FakeDetector(digest, 0, false, time, true, 2);
    }

    @Override
    public Look<Detections> begin(List<Frame> frames) {
        if (room == null) {
            return Look.at(perceive(frames));
        }
        room.acquireUninterruptibly();
        most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
        return new Look<>() {
            private boolean over;

            @Override
            public List<Detections> results() {
                return perceive(frames);
            }

            @Override
            public void close() {
                if (!over) {
                    over = true;
                    underWay.decrementAndGet();
                    room.release();
                }
            }
        };
    }

    @Override
    public void awaitTurn() {
        if (room != null) {
            room.acquireUninterruptibly();
            room.release();
        }
    }

    @Override
    public int batch() {
        return decodes ? 8 : 1;
    }

    @Override
    public boolean decodes() {
        return decodes;
    }

    @Override
    public Identity identity() {
        return new Identity("fake", digest, "none");
    }

    @Override
    public List<Detections> perceive(List<Frame> frames) {
        if (broken) {
            throw new IllegalStateException("no such layer");
        }
        batches.add(frames.size());
        if (decodes && !frames.stream().allMatch(FakeDetector::cameCompressed)) {
            throw new IllegalStateException("somebody decoded a picture before");
        }
        LockSupport.parkNanos(takes.toNanos());
        Detection found = new Detection(ObjectClass.PERSON, 0.9, new Box(10 + shift, 10, 20, 40), Optional.empty());
        return frames.stream()
                .map(f -> new Detections(f.header(), List.of(found), digest))
                .toList();
    }

    /** And can be decoded, which a device would do. */
    private static boolean cameCompressed(Frame frame) {
        return frame.pixels().compressed().isPresent() && frame.pixels().data().byteSize() > 0;
    }

    @Override
    public void close() {
        closed = true;
    }
}
