package sightline.operators.depict;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.Optional;
import sightline.config.domain.Box;
import sightline.config.domain.Skeleton;

/**
 * A part of a picture, turned so that somebody who lies in it stands: detectors have seen few people who lie.
 *
 * @param image that part
 * @param box where the person should be in it, pixels
 */
record Upright(BufferedImage image, Box box) {
    /** Of the height of the part, the body's. */
    private static final double BODY = 0.6;
    /** A body seen from its feet or head on is as upright as it can get. */
    private static final double SHORTEST = 12;

    /** Empty where the picture shows the body end on. */
    static Optional<Upright> of(Expected lying, BufferedImage image) {
        double[] head = joint(lying, "head");
        double[] left = joint(lying, "left_ankle");
        double[] right = joint(lying, "right_ankle");
        double east = head[0] - (left[0] + right[0]) / 2;
        double south = head[1] - (left[1] + right[1]) / 2;
        double length = Math.hypot(east, south);
        if (length < SHORTEST) {
            return Optional.empty();
        }
        int side = (int) Math.ceil(length / BODY);
        AffineTransform turn = AffineTransform.getTranslateInstance(side / 2.0, side / 2.0);
        // From where the head points to up, which is minus a quarter turn where v grows downwards.
        turn.rotate(-Math.PI / 2 - Math.atan2(south, east));
        turn.translate(
                -(lying.box().x() + lying.box().width() / 2),
                -(lying.box().y() + lying.box().height() / 2));
        BufferedImage part = new BufferedImage(side, side, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D g = part.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        g.drawImage(image, turn, null);
        g.dispose();
        return Optional.of(new Upright(part, around(lying, turn, 0.06 * length)));
    }

    private static double[] joint(Expected lying, String name) {
        return lying.joints().get(Skeleton.CROWDPOSE_14.joints().indexOf(name));
    }

    private static Box around(Expected lying, AffineTransform turn, double flesh) {
        double[] low = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
        double[] high = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
        double[] at = new double[2];
        for (double[] joint : lying.joints()) {
            turn.transform(joint, 0, at, 0, 1);
            for (int axis = 0; axis < 2; axis++) {
                low[axis] = Math.min(low[axis], at[axis] - flesh);
                high[axis] = Math.max(high[axis], at[axis] + flesh);
            }
        }
        return new Box(low[0], low[1], high[0] - low[0], high[1] - low[1]);
    }
}
