package sightline.pipeline.topology;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import sightline.config.domain.Box;
import sightline.config.domain.Detection;
import sightline.config.domain.Detections;
import sightline.config.domain.Frame;
import sightline.config.domain.ObjectClass;
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

    volatile boolean closed;

    private FakeDetector(String digest, double shift, boolean broken, Duration takes, boolean decodes) {
        this.digest = digest;
        this.shift = shift;
        this.broken = broken;
        this.takes = takes;
        this.decodes = decodes;
    }

    static FakeDetector shifted(String digest, double pixels) {
        return new FakeDetector(digest, pixels, false, Duration.ZERO, false);
    }

    static FakeDetector broken(String digest) {
        return new FakeDetector(digest, 0, true, Duration.ZERO, false);
    }

    static FakeDetector taking(String digest, Duration time) {
        return new FakeDetector(digest, 0, false, time, false);
    }

    /** Sees up to eight frames together, and decodes them itself. */
    static FakeDetector decoding(String digest, Duration time) {
        return new FakeDetector(digest, 0, false, time, true);
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
