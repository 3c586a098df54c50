package sightline.operators.pool;

import java.util.Arrays;

/** A few shapes into which every picture is padded, so that a teacher needs a few input sizes only. */
enum Aspect {
    SQUARE(1, 1),
    LANDSCAPE(4, 3),
    PORTRAIT(3, 4),
    WIDE(16, 9),
    TALL(9, 16);

    private final int across;
    private final int down;

    Aspect(int across, int down) {
        this.across = across;
        this.down = down;
    }

    /** The picture in the upper left corner of the shape that wastes least. */
    static Picture pad(Picture p) {
        Aspect best = SQUARE;
        for (Aspect a : values()) {
            best = a.area(p) < best.area(p) ? a : best;
        }
        int w = best.width(p);
        int h = best.height(p);
        byte[] rgb = new byte[3 * w * h];
        Arrays.fill(rgb, (byte) Canvas.GREY);
        for (int y = 0; y < p.height(); y++) {
            System.arraycopy(p.rgb(), 3 * y * p.width(), rgb, 3 * y * w, 3 * p.width());
        }
        return new Picture(w, h, rgb);
    }

    private int width(Picture p) {
        return Math.max(p.width(), (p.height() * across + down - 1) / down);
    }

    private int height(Picture p) {
        return Math.max(p.height(), (p.width() * down + across - 1) / across);
    }

    private long area(Picture p) {
        return (long) width(p) * height(p);
    }
}
