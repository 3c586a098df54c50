package sightline.operators.pool;

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
    public float area() {
        return Math.max(0, right - left) * Math.max(0, bottom - top);
    }
}
