package sightline.operators.pool;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** A whole picture as network input: scaled to fit the square from its upper left corner, the rest grey. */
public final class Letterbox {
    private Letterbox() {}

    /** Writes three normalised planes of {@code side} x {@code side} from index {@code at}. */
    public static void write(Picture picture, int side, FloatBuffer out, int at) {
        var canvas = new Canvas(side);
        canvas.clear();
        List<Picture> levels = new ArrayList<>(List.of(picture));
        while (Math.max(levels.getLast().width(), levels.getLast().height()) > 2 * side) {
            levels.add(levels.getLast().half());
        }
        double scale = (double) side / Math.max(picture.width(), picture.height());
        canvas.draw(levels, new int[] {0, 0, side, side}, 0, 0, scale, false);
        canvas.write(out, at);
    }
}
