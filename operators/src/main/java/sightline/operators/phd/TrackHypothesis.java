package sightline.operators.phd;

import sightline.operators.possibility.MaxMixture;

/**
 * One possible target: credibilities of its presence and absence (logarithms, the larger is 0) and where it would be, a
 * max-mixture of supremum 1. Mutable; owned by the table that holds it.
 */
public final class TrackHypothesis {
    private final TrackLabel label;
    private final long bornNanos;
    double logPresence;
    double logAbsence;
    final MaxMixture where;
    boolean confirmed;
    /** Added to the log-credibility of death in a share, see {@link #deathOffset(double)}; positive infinity for an undivided track. */
    double deathOffset = Double.POSITIVE_INFINITY;

    final Support support = new Support();

    public TrackHypothesis(TrackLabel label, long bornNanos, double logPresence, double logAbsence, MaxMixture where) {
        this.label = label;
        this.bornNanos = bornNanos;
        this.logPresence = logPresence;
        this.logAbsence = logAbsence;
        this.where = where;
    }

    public TrackLabel label() {
        return label;
    }

    public long bornNanos() {
        return bornNanos;
    }

    public double logPresence() {
        return logPresence;
    }

    public double logAbsence() {
        return logAbsence;
    }

    /** The live mixture; not to be kept across updates. */
    public MaxMixture where() {
        return where;
    }

    /** Whether it has passed the threshold of confirmation and not yet fallen below that of release. */
    public boolean confirmed() {
        return confirmed;
    }

    public void confirmed(boolean value) {
        confirmed = value;
    }

    /**
     * Says that this track is a share o of a prior with odds {@code a/w}, the rest being held by others: death, d for
     * the whole, is then {@code d / (a/w)^(1-o)} here, so that the product falls to d and no further when this holder
     * sees the target and the others say nothing new.
     */
    public void deathOffset(double value) {
        deathOffset = value;
    }

    public Support support() {
        return support;
    }

    public TrackHypothesis copy() {
        return relabelled(label);
    }

    public TrackHypothesis relabelled(TrackLabel newLabel) {
        TrackHypothesis out = new TrackHypothesis(newLabel, bornNanos, logPresence, logAbsence, where.copy());
        out.confirmed = confirmed;
        out.deathOffset = deathOffset;
        out.support.copyFrom(support);
        return out;
    }

    /** Raises presence, absence and place to a power: its share of the information. */
    public void power(double o) {
        logPresence *= o;
        logAbsence *= o;
        where.power(o);
    }

    /** Sets both credibilities and divides by the larger. */
    public void credibilities(double newLogPresence, double newLogAbsence) {
        double top = Math.max(newLogPresence, newLogAbsence);
        logPresence = newLogPresence - top;
        logAbsence = newLogAbsence - top;
    }
}
