package sightline.operators.pool;

import java.util.Optional;
import sightline.config.domain.Box;
import sightline.config.domain.ObjectClass;

/**
 * One object of a training sample, in pixels of the network's input.
 *
 * @param label its class
 * @param left edge
 * @param top edge
 * @param right edge
 * @param bottom edge
 * @param score how sure its label is
 * @param ignored neither example nor counter-example
 */
public record Target(
        ObjectClass label, float left, float top, float right, float bottom, float score, boolean ignored) {
    private static final double MIN_VISIBLE = 0.45;
    private static final double TINY = 30;

    /** What a cell shows of an object, if anything; unsure where that is little. */
    static Optional<Target> of(LabeledObject o, Placed p) {
        Box box = p.box(o.box());
        double left = Math.max(box.x(), p.left());
        double top = Math.max(box.y(), p.top());
        double right = Math.min(box.right(), p.right());
        double bottom = Math.min(box.bottom(), p.bottom());
        if (right - left < 2 || bottom - top < 2) {
            return Optional.empty();
        }
        double visible = (right - left) * (bottom - top) / box.area();
        boolean unsure = o.ignored() || visible < MIN_VISIBLE || box.area() < TINY;
        return Optional.of(new Target(
                o.label(), (float) left, (float) top, (float) right, (float) bottom, (float) o.score(), unsure));
    }

    public float area() {
        return Math.max(0, right - left) * Math.max(0, bottom - top);
    }
}
