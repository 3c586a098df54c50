package sightline.operators.sam;

import java.util.List;
import java.util.Optional;
import sightline.config.domain.Box;

/**
 * What to cut out, in pixels of the original picture.
 *
 * @param points that belong to the thing or do not
 * @param box around the thing
 * @param mask an earlier answer to refine
 */
public record Prompt(List<Point> points, Optional<Box> box, Optional<Answer> mask) {
    /**
     * A click.
     *
     * @param u pixels to the right
     * @param v pixels downwards
     * @param inside whether it lies on the thing
     */
    public record Point(double u, double v, boolean inside) {}

    public Prompt {
        points = List.copyOf(points);
        if (points.isEmpty() && box.isEmpty()) {
            throw new IllegalArgumentException("a prompt needs a point or a box");
        }
    }

    public static Prompt at(double u, double v) {
        return new Prompt(List.of(new Point(u, v, true)), Optional.empty(), Optional.empty());
    }

    public static Prompt around(Box box) {
        return new Prompt(List.of(), Optional.of(box), Optional.empty());
    }

    public Prompt refining(Answer answer) {
        return new Prompt(points, box, Optional.of(answer));
    }

    /** Tokens of the network: a box is two corners, and points without a box are followed by one padding token. */
    int tokens() {
        return points.size() + (box.isPresent() ? 2 : 1);
    }

    /** Prompts of one layout can be answered in one run. */
    Layout layout() {
        return new Layout(tokens(), box.isPresent(), mask.isPresent());
    }

    record Layout(int tokens, boolean box, boolean mask) {}
}
