package sightline.operators.evaluate;

/**
 * What a detector does when cut at a score.
 *
 * @param score the cut
 * @param precision share of its claims that are true
 * @param recall share of truths that it finds
 */
public record WorkingPoint(double score, double precision, double recall) {
    public double f1() {
        return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
    }
}
