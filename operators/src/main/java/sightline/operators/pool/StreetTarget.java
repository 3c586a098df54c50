package sightline.operators.pool;

import java.util.Arrays;
import java.util.List;

/** Teacher's classes of a sample's cells of 8 by 8 pixels. */
final class StreetTarget {
    static final int STRIDE = 8;

    private StreetTarget() {}

    /** Row-major classes; unsure where no labelled picture lies. */
    static byte[] of(List<Placed> placed, int side) {
        int cells = side / STRIDE;
        byte[] classes = new byte[cells * cells];
        Arrays.fill(classes, LabelMap.UNSURE);
        for (Placed p : placed) {
            LabelMap map = p.picture().teaching().street();
            if (map == null) {
                continue;
            }
            for (int j = 0; j < cells; j++) {
                double y = (j + 0.5) * STRIDE;
                for (int i = 0; i < cells; i++) {
                    double x = (i + 0.5) * STRIDE;
                    if (p.shows(x, y)) {
                        classes[j * cells + i] = map.at(p.backAcross(x), p.backDown(y));
                    }
                }
            }
        }
        return classes;
    }
}
