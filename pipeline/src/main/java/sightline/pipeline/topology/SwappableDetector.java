package sightline.pipeline.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sightline.config.domain.Detections;
import sightline.config.domain.Frame;
import sightline.operators.perception.Perceiver;

/**
 * A detector that can be replaced at work. A candidate first looks at the same pictures, unheard; if it passes its trial it
 * takes over with the next picture, else it is closed and the present one stays. No picture is lost either way, and every
 * result carries the digest of who made it.
 *
 * <p>Threading: {@link #propose} from any thread; the rest on the perceiving thread. Ownership: owns both detectors.
 */
final class SwappableDetector implements Perceiver<Detections> {
    private static final Logger LOG = LoggerFactory.getLogger(SwappableDetector.class);

    private final DetectorTrial.Terms terms;
    private final AtomicReference<Perceiver<Detections>> proposed = new AtomicReference<>();
    private volatile Perceiver<Detections> present;
    private volatile String outcome = "";
    private Perceiver<Detections> candidate;
    private DetectorTrial trial;

    SwappableDetector(Perceiver<Detections> present, DetectorTrial.Terms terms) {
        this.present = present;
        this.terms = terms;
    }

    /** Puts a candidate on trial; one that has not begun its own yet gives way. */
    void propose(Perceiver<Detections> next) {
        Perceiver<Detections> earlier = proposed.getAndSet(next);
        if (earlier != null) {
            earlier.close();
        }
    }

    /** How the last trial ended, one sentence; empty before the first. */
    String outcome() {
        return outcome;
    }

    @Override
    public Identity identity() {
        return present.identity();
    }

    @Override
    public int batch() {
        return present.batch();
    }

    @Override
    public boolean decodes() {
        return present.decodes();
    }

    @Override
    public List<Detections> perceive(List<Frame> frames) {
        if (candidate == null) {
            candidate = proposed.getAndSet(null);
            trial = new DetectorTrial(terms);
        }
        if (candidate == null) {
            return present.perceive(frames);
        }
        List<Detections> results = new ArrayList<>(frames.size());
        for (Frame frame : frames) {
            results.add(candidate == null ? present.perceive(List.of(frame)).getFirst() : both(frame));
        }
        return results;
    }

    private Detections both(Frame frame) {
        long began = System.nanoTime();
        Detections result = present.perceive(List.of(frame)).getFirst();
        long between = System.nanoTime();
        try {
            Detections shadow = candidate.perceive(List.of(frame)).getFirst();
            trial.seen(result, between - began, shadow, System.nanoTime() - between);
        } catch (RuntimeException e) {
            // Whatever the candidate does, the present detector's result stands.
            end(candidate, "was rolled back, since it failed on a picture: " + e.getMessage());
            return result;
        }
        if (trial.over()) {
            decide();
        }
        return result;
    }

    private void decide() {
        if (trial.passed()) {
            Perceiver<Detections> old = present;
            present = candidate;
            end(old, "took over: " + trial.summary());
        } else {
            end(candidate, "was rolled back: " + trial.summary());
        }
    }

    private void end(Perceiver<Detections> goes, String how) {
        outcome = candidate.identity().name() + " " + candidate.identity().digest() + " " + how;
        LOG.info("{}", outcome);
        candidate = null;
        goes.close();
    }

    @Override
    public void close() {
        present.close();
        if (candidate != null) {
            candidate.close();
        }
        Perceiver<Detections> waiting = proposed.getAndSet(null);
        if (waiting != null) {
            waiting.close();
        }
    }
}
