package sightline.operators.recipe;

/**
 * One minus the generalised intersection over union of two boxes (Rezatofighi et al.), with its gradient with respect to
 * the first. Boxes are left, top, right, bottom.
 *
 * <p>Threading: one thread; results stay in the fields until the next call.
 */
final class OverlapLoss {
    private static final double EPSILON = 1e-9;

    final double[] gradient = new double[4];
    double iou;

    /** The loss, in 0..2. */
    double of(double[] box, double[] truth) {
        double w = box[2] - box[0];
        double h = box[3] - box[1];
        double overlapW = Math.min(box[2], truth[2]) - Math.max(box[0], truth[0]);
        double overlapH = Math.min(box[3], truth[3]) - Math.max(box[1], truth[1]);
        boolean meet = overlapW > 0 && overlapH > 0;
        double both = meet ? overlapW * overlapH : 0;
        double union = w * h + (truth[2] - truth[0]) * (truth[3] - truth[1]) - both + EPSILON;
        double hullW = Math.max(box[2], truth[2]) - Math.min(box[0], truth[0]);
        double hullH = Math.max(box[3], truth[3]) - Math.min(box[1], truth[1]);
        double hull = hullW * hullH + EPSILON;
        iou = both / union;
        double byBoth = -1 / union;
        double byUnion = both / (union * union) - 1 / hull;
        double byHull = union / (hull * hull);
        for (int side = 0; side < 4; side++) {
            boolean across = side % 2 == 0;
            int sign = side < 2 ? -1 : 1;
            double area = sign * (across ? h : w);
            boolean limits = side < 2 ? box[side] > truth[side] : box[side] < truth[side];
            double dBoth = meet && limits ? sign * (across ? overlapH : overlapW) : 0;
            double dHull = limits ? 0 : sign * (across ? hullH : hullW);
            gradient[side] = byBoth * dBoth + byUnion * (area - dBoth) + byHull * dHull;
        }
        return 1 - iou + (hull - union) / hull;
    }
}
