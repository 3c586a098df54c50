package sightline.kernels.cuda.half;

import java.util.ArrayList;
import java.util.List;
import sightline.kernels.cuda.program.Launch.Grid;

/**
 * A kernel of {@code split_half.cu} and into how many pieces it divides the sum: for 1x1 convolutions of few pixels.
 *
 * @param rows pixels of a block
 * @param columns filters of a block
 * @param threads of a block
 * @param piece of the inner dimension
 * @param pieces how many
 */
record SplitTile(int rows, int columns, int threads, int piece, int pieces) {
    private static final int STEP = 64;
    private static final int STAGES = 4;
    /** Shorter pieces are over before their loads are under way. */
    private static final int LEAST_PIECE = 128;
    /** Blocks from which on tiles alone fill the devices that we know. */
    private static final long MANY_BLOCKS = 264;
    /** Blocks beyond which more pieces only cost more. */
    private static final long MOST_BLOCKS = 1056;

    /** Every division that may pay. */
    static List<SplitTile> candidates(long m, int stored, int sum) {
        List<SplitTile> tiles = new ArrayList<>();
        for (int[] tile : new int[][] {{64, 64, 128}, {32, 64, 128}, {64, 128, 256}}) {
            long blocks = (m + tile[0] - 1) / tile[0] * ((stored + tile[1] - 1) / tile[1]);
            for (int pieces : new int[] {2, 3, 4, 6, 8, 12, 16}) {
                int piece = ((sum + pieces - 1) / pieces + STEP - 1) / STEP * STEP;
                boolean even = (sum + piece - 1) / piece == pieces;
                if (even && piece >= LEAST_PIECE && blocks < MANY_BLOCKS && blocks * pieces <= MOST_BLOCKS) {
                    tiles.add(new SplitTile(tile[0], tile[1], tile[2], piece, pieces));
                }
            }
        }
        return tiles;
    }

    String kernel() {
        return "split_half_" + rows + "x" + columns;
    }

    int shared() {
        return STAGES * (rows + columns) * (STEP + 8) * 2;
    }

    Grid grid(long m, int stored) {
        return new Grid(Math.toIntExact((m + rows - 1) / rows), (stored + columns - 1) / columns, pieces);
    }
}
