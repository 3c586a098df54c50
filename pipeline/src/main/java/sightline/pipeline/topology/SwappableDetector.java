package sightline.pipeline.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sightline.config.domain.Detections;
import sightline.config.domain.Frame;
import sightline.operators.perception.Look;
import sightline.operators.perception.Perceiver;

/**
 * A detector that can be replaced at work. A candidate first looks at the same pictures, unheard; if it passes its trial it
 * takes over with the next picture, else it is closed and the present one stays. No picture is lost either way, and every
 * result carries the digest of who made it.
 *
 * <p>Threading: {@link #propose} from any thread; the rest on the perceiving thread, but that looks are finished by any.
 * Ownership: owns both detectors.
 */
final class SwappableDetector implements Perceiver<Detections> {
    private static final Logger LOG = LoggerFactory.getLogger(SwappableDetector.class);

    private final DetectorTrial.Terms terms;
    private final AtomicReference<Perceiver<Detections>> proposed = new AtomicReference<>();
    private volatile Tenure present;
    private volatile String outcome = "";
    private Perceiver<Detections> candidate;
    private DetectorTrial trial;

    SwappableDetector(Perceiver<Detections> present, DetectorTrial.Terms terms) {
        this.present = new Tenure(present);
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
        return present.detector.identity();
    }

    @Override
    public int batch() {
        return present.detector.batch();
    }

    @Override
    public boolean decodes() {
        return present.detector.decodes();
    }

    @Override
    public List<Detections> perceive(List<Frame> frames) {
        if (!onTrial()) {
            return present.detector.perceive(frames);
        }
        List<Detections> results = new ArrayList<>(frames.size());
        for (Frame frame : frames) {
            results.add(
                    candidate == null
                            ? present.detector.perceive(List.of(frame)).getFirst()
                            : both(frame));
        }
        return results;
    }

    /** While a candidate is on trial each frame is looked at before the next, so that both are timed alike. */
    @Override
    public Look<Detections> begin(List<Frame> frames) {
        return onTrial() ? Look.at(perceive(frames)) : present.begin(frames);
    }

    @Override
    public void awaitTurn() {
        present.detector.awaitTurn();
    }

    private boolean onTrial() {
        if (candidate == null) {
            candidate = proposed.getAndSet(null);
            trial = new DetectorTrial(terms);
        }
        return candidate != null;
    }

    /** A detector that is in office until another takes over, and closed when what it looks at is seen. */
    private static final class Tenure {
        private final Perceiver<Detections> detector;
        private int underWay;
        private boolean over;

        Tenure(Perceiver<Detections> detector) {
            this.detector = detector;
        }

        Look<Detections> begin(List<Frame> frames) {
            synchronized (this) {
                underWay++;
            }
            try {
                Look<Detections> look = detector.begin(frames);
                return new Look<>() {
                    private boolean closed;

                    @Override
                    public List<Detections> results() {
                        return look.results();
                    }

                    @Override
                    public void close() {
                        if (!closed) {
                            closed = true;
                            look.close();
                            seen();
                        }
                    }
                };
            } catch (RuntimeException failure) {
                seen();
                throw failure;
            }
        }

        private synchronized void seen() {
            underWay--;
            if (over && underWay == 0) {
                detector.close();
            }
        }

        synchronized void end() {
            over = true;
            if (underWay == 0) {
                detector.close();
            }
        }
    }

    private Detections both(Frame frame) {
        long began = System.nanoTime();
        Detections result = present.detector.perceive(List.of(frame)).getFirst();
        long between = System.nanoTime();
        try {
            Detections shadow = candidate.perceive(List.of(frame)).getFirst();
            trial.seen(result, between - began, shadow, System.nanoTime() - between);
        } catch (RuntimeException e) {
            // Whatever the candidate does, the present detector's result stands.
            end(candidate::close, "was rolled back, since it failed on a picture: " + e.getMessage());
            return result;
        }
        if (trial.over()) {
            decide();
        }
        return result;
    }

    private void decide() {
        if (trial.passed()) {
            Tenure old = present;
            present = new Tenure(candidate);
            end(old::end, "took over: " + trial.summary());
        } else {
            end(candidate::close, "was rolled back: " + trial.summary());
        }
    }

    private void end(Runnable farewell, String how) {
        outcome = candidate.identity().name() + " " + candidate.identity().digest() + " " + how;
        LOG.info("{}", outcome);
        candidate = null;
        farewell.run();
    }

    @Override
    public void close() {
        present.end();
        if (candidate != null) {
            candidate.close();
        }
        Perceiver<Detections> waiting = proposed.getAndSet(null);
        if (waiting != null) {
            waiting.close();
        }
    }
}
