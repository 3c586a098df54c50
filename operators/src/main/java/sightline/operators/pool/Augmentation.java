package sightline.operators.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import sightline.config.domain.Box;

/**
 * How a training sample is made: one picture, or a mosaic of several, each scaled so that one of its objects gets a size
 * drawn evenly on a logarithmic scale, cropped, perhaps mirrored; then the whole is recoloured.
 *
 * @param single share of samples with one picture; the others are two by two or three by three
 * @param anchored share of pictures that are scaled by one of their objects; the others about fill their cell
 * @param smallest size drawn for an object, in pixels (root of its area)
 * @param largest size drawn
 * @param colour strength of recolouring, 0 for none
 * @param fill largest share of its cell's shorter side that an object's size may be; beyond about {@link #WHOLE} its cell
 *     cuts off legs or heads
 */
public record Augmentation(
        double single, double anchored, double smallest, double largest, double colour, double fill) {
    /** What a cell can hold of a standing person, who is two and a half times as high as wide. */
    public static final double WHOLE = 0.6;

    /** Sizes from distant pedestrians to people who fill a third of the frame. */
    public static final Augmentation STREET = new Augmentation(0.4, 0.9, 12, 150, 0.6, WHOLE);

    /** Draws one sample on the canvas and says which picture lies where. */
    List<Placed> arrange(Canvas canvas, PictureSource pictures, PictureCache cache, SplittableRandom random) {
        canvas.clear();
        List<Placed> placed = new ArrayList<>();
        double kind = random.nextDouble();
        int grid = kind < single ? 1 : kind < single + (1 - single) * 0.7 ? 2 : 3;
        int[] columns = cuts(grid, canvas.side, random);
        int[] rows = cuts(grid, canvas.side, random);
        for (int j = 0; j < grid; j++) {
            for (int i = 0; i < grid; i++) {
                int[] cell = {columns[i], rows[j], columns[i + 1], rows[j + 1]};
                placed.add(place(canvas, cell, pictures.next(random), cache, random));
            }
        }
        if (colour > 0) {
            canvas.recolour(random, colour);
        }
        return placed;
    }

    private static int[] cuts(int grid, int side, SplittableRandom random) {
        int[] cuts = new int[grid + 1];
        cuts[grid] = side;
        for (int i = 1; i < grid; i++) {
            cuts[i] = (int) Math.round(side * (i + random.nextDouble(-0.25, 0.25)) / grid);
        }
        return cuts;
    }

    private Placed place(
            Canvas canvas, int[] cell, LabeledPicture labeled, PictureCache cache, SplittableRandom random) {
        List<Picture> levels = cache.get(labeled);
        Picture picture = levels.getFirst();
        int width = cell[2] - cell[0];
        int height = cell[3] - cell[1];
        LabeledObject anchor = anchor(labeled, random);
        double fit = Math.min((double) width / picture.width(), (double) height / picture.height());
        double scale = fit * Math.exp(random.nextDouble(-0.3, 0.5));
        if (anchor != null && random.nextDouble() < anchored) {
            double size = Math.sqrt(anchor.box().area() * picture.width() * picture.height());
            // To a detector, an object that its cell cannot hold would teach that legs are people.
            double fits = Math.clamp(fill * Math.min(width, height), 1.5 * smallest, largest);
            double wanted = Math.exp(random.nextDouble(Math.log(smallest), Math.log(fits)));
            scale = Math.clamp(wanted / Math.max(1, size), 0.5 * fit, 1.8);
        }
        boolean flip = random.nextBoolean();
        double x = cell[0] + offset(width, picture.width() * scale, span(anchor, flip, true), random);
        double y = cell[1] + offset(height, picture.height() * scale, span(anchor, flip, false), random);
        canvas.draw(levels, cell, x, y, scale, flip);
        return new Placed(
                labeled,
                cell[0],
                cell[1],
                cell[2],
                cell[3],
                x,
                y,
                picture.width() * scale,
                picture.height() * scale,
                flip);
    }

    private static LabeledObject anchor(LabeledPicture labeled, SplittableRandom random) {
        List<LabeledObject> all = labeled.objects();
        return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
    }

    /** Where the anchor starts and ends along an axis, in fractions of the picture; null without one. */
    private static double[] span(LabeledObject anchor, boolean flip, boolean across) {
        if (anchor == null) {
            return null;
        }
        Box b = anchor.box();
        if (!across) {
            return new double[] {b.y(), b.bottom()};
        }
        return flip ? new double[] {1 - b.right(), 1 - b.x()} : new double[] {b.x(), b.right()};
    }

    /** Where a picture of that extent starts in a cell: inside it if it fits, else so that the anchor is in view. */
    private static double offset(double room, double extent, double[] anchor, SplittableRandom random) {
        if (extent <= room) {
            return random.nextDouble() * (room - extent);
        }
        double start = -random.nextDouble() * (extent - room);
        if (anchor != null) {
            double length = (anchor[1] - anchor[0]) * extent;
            double slack = room - length;
            boolean whole = slack > 0 && random.nextInt(8) != 0;
            double at = whole ? random.nextDouble() * slack : random.nextDouble(-0.3, 0.8) * room;
            start = at - anchor[0] * extent;
        }
        return Math.clamp(start, room - extent, 0);
    }
}
