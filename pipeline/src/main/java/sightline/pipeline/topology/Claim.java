package sightline.pipeline.topology;

/** Who wants something that all share, in the order in which it is given: a stronger claim comes before a weaker one. */
public enum Claim {
    /** Cameras to detections. */
    MAIN(0, 1),
    /** Scans and beliefs to fused tracks. */
    FUSION(0, 1),
    /** Pictures of events that are quick to make. */
    PREVIEW(5, 0.25),
    /** Pictures of events that take long. */
    FINAL(19, 0.25),
    /** Networks that learn beside a pipeline. */
    TRAINING(19, 0.25);

    private final int nice;
    private final double share;

    Claim(int nice, double share) {
        this.nice = nice;
        this.share = share;
    }

    /** How far its threads give way to others, as the system counts it: 0 not at all, 19 as far as it goes. */
    int nice() {
        return nice;
    }

    /** Most of one core that it works, while no stronger claim is behind; 1 for one that never rests. */
    double share() {
        return share;
    }

    boolean isStrongerThan(Claim other) {
        return compareTo(other) < 0;
    }
}
