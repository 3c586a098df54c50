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
 * @param smallest size drawn for an object, in pixels (root of its area)
 * @param largest size drawn
 * @param colour strength of recolouring, 0 for none
 */
public record Augmentation(double single, double smallest, double largest, double colour) {
    /** Sizes from distant pedestrians to people who fill a third of the frame. */
    public static final Augmentation STREET = new Augmentation(0.4, 12, 150, 0.6);

    private static final double MIN_VISIBLE = 0.45;

    /** Draws one sample on the canvas and returns its objects. */
    List<Target> sample(Canvas canvas, PictureSource pictures, PictureCache cache, SplittableRandom random) {
        canvas.clear();
        List<Target> targets = new ArrayList<>();
        double kind = random.nextDouble();
        int grid = kind < single ? 1 : kind < single + (1 - single) * 0.7 ? 2 : 3;
        int[] columns = cuts(grid, canvas.side, random);
        int[] rows = cuts(grid, canvas.side, random);
        for (int j = 0; j < grid; j++) {
            for (int i = 0; i < grid; i++) {
                int[] cell = {columns[i], rows[j], columns[i + 1], rows[j + 1]};
                place(canvas, cell, pictures.next(random), cache, random, targets);
            }
        }
        if (colour > 0) {
            canvas.recolour(random, colour);
        }
        return targets;
    }

    private static int[] cuts(int grid, int side, SplittableRandom random) {
        int[] cuts = new int[grid + 1];
        cuts[grid] = side;
        for (int i = 1; i < grid; i++) {
            cuts[i] = (int) Math.round(side * (i + random.nextDouble(-0.25, 0.25)) / grid);
        }
        return cuts;
    }

    private void place(
            Canvas canvas,
            int[] cell,
            LabeledPicture labeled,
            PictureCache cache,
            SplittableRandom random,
            List<Target> targets) {
        List<Picture> levels = cache.get(labeled);
        Picture picture = levels.getFirst();
        int width = cell[2] - cell[0];
        int height = cell[3] - cell[1];
        LabeledObject anchor = anchor(labeled, random);
        double fit = Math.min((double) width / picture.width(), (double) height / picture.height());
        double scale = fit * Math.exp(random.nextDouble(-0.3, 0.5));
        if (anchor != null && random.nextInt(10) != 0) {
            double size = Math.sqrt(anchor.box().area() * picture.width() * picture.height());
            // An object that its cell cannot hold would teach that legs are people.
            double fits = Math.clamp(0.6 * Math.min(width, height), 1.5 * smallest, largest);
            double wanted = Math.exp(random.nextDouble(Math.log(smallest), Math.log(fits)));
            scale = Math.clamp(wanted / Math.max(1, size), 0.5 * fit, 1.8);
        }
        boolean flip = random.nextBoolean();
        double x = cell[0] + offset(width, picture.width() * scale, span(anchor, flip, true), random);
        double y = cell[1] + offset(height, picture.height() * scale, span(anchor, flip, false), random);
        canvas.draw(levels, cell, x, y, scale, flip);
        for (LabeledObject o : labeled.objects()) {
            double left = flip ? 1 - o.box().right() : o.box().x();
            double w = picture.width() * scale;
            double h = picture.height() * scale;
            var box = new Box(
                    x + left * w,
                    y + o.box().y() * h,
                    o.box().width() * w,
                    o.box().height() * h);
            add(o, box, cell, targets);
        }
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

    private static void add(LabeledObject o, Box box, int[] cell, List<Target> targets) {
        double left = Math.max(box.x(), cell[0]);
        double top = Math.max(box.y(), cell[1]);
        double right = Math.min(box.right(), cell[2]);
        double bottom = Math.min(box.bottom(), cell[3]);
        if (right - left < 2 || bottom - top < 2) {
            return;
        }
        double visible = (right - left) * (bottom - top) / box.area();
        boolean tiny = box.area() < 30;
        boolean unsure = o.ignored() || visible < MIN_VISIBLE || tiny;
        targets.add(new Target(
                o.label(), (float) left, (float) top, (float) right, (float) bottom, (float) o.score(), unsure));
    }
}
