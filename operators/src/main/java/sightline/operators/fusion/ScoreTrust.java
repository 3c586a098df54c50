package sightline.operators.fusion;

/**
 * How far the score of a measurement vouches for it. Discounting of a source: the credibility of a false alarm is raised
 * to the trust in [0, 1], so a fully trusted observation keeps it, and one that is not trusted at all is as well
 * explained by a false alarm as by any target. Such an observation still says where a known target may be, which a miss
 * would not, but it starts no track and confirms none.
 *
 * @param worthless score up to which nothing is trusted
 * @param full score from which all is; linear in between
 */
public record ScoreTrust(double worthless, double full) {
    /** Sensors that give no scores, or give good ones. */
    public static final ScoreTrust ALL = new ScoreTrust(0, 0);

    /** Scores of the shipped detector: above its threshold, and as sure as it gets from two thirds. */
    public static final ScoreTrust DETECTOR = new ScoreTrust(0.35, 0.6);

    public ScoreTrust {
        if (!(worthless >= 0 && worthless <= full && full <= 1)) {
            throw new IllegalArgumentException(
                    "scores worthless " + worthless + " and full " + full + " are not in order within [0, 1]");
        }
    }

    /** Trust in a measurement of that score. */
    double of(double score) {
        if (!(score >= 0 && score <= 1)) {
            throw new IllegalArgumentException("score " + score + " is not in [0, 1]");
        }
        return score >= full ? 1 : Math.max(0, score - worthless) / (full - worthless);
    }
}
