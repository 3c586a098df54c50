package sightline.operators.pool;

/**
 * Class of every cell of a picture, coarser than its pixels.
 *
 * @param width cells across
 * @param height cells down
 * @param cells row-major class numbers; {@link #UNSURE} where the teacher was not sure
 */
public record LabelMap(int width, int height, byte[] cells) {
    /** Neither one class nor another. */
    public static final byte UNSURE = -1;

    public LabelMap {
        if (cells.length != width * height) {
            throw new IllegalArgumentException(width + "x" + height + " labels in " + cells.length + " cells");
        }
    }

    /** The label at a place in fractions of the picture; unsure outside it. */
    public byte at(double x, double y) {
        if (!(x >= 0 && y >= 0 && x < 1 && y < 1)) {
            return UNSURE;
        }
        int row = (int) (y * height);
        int column = (int) (x * width);
        return cells[row * width + column];
    }
}
