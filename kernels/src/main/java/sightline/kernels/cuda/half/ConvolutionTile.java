package sightline.kernels.cuda.half;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import sightline.kernels.cuda.program.Launch.Grid;

/**
 * A kernel of {@code conv_half.cu}: an implicit GEMM in tiles of pixels by filters. {@link #ALL} is the one list of them, the
 * preferred ones first where nothing was timed: a new kernel there is a line here, and is then tried wherever it may fit.
 *
 * @param kernel its name
 * @param rows output pixels of a block
 * @param columns filters of a block
 * @param depth how much of the sum a stage holds
 * @param threads of a block
 * @param shared bytes of shared memory of a block
 * @param split blocks of a cluster that share a tile's sum
 * @param capability the one compute capability whose own instructions it needs, 0 for none
 */
record ConvolutionTile(
        String kernel, int rows, int columns, int depth, int threads, int shared, int split, int capability) {
    /** The compute capability of clusters, tile copies and warpgroups' products. */
    static final int HOPPER = 90;

    static final List<ConvolutionTile> ALL = List.of(
            of(128, 128, 64, 256, 3),
            of(128, 64, 64, 256, 3),
            of(64, 64, 64, 128, 4),
            of(32, 64, 64, 128, 4),
            of(128, 32, 64, 256, 3),
            of(32, 32, 64, 128, 4),
            of(128, 128, 32, 256, 3),
            of(128, 64, 32, 256, 3),
            of(64, 64, 32, 128, 3),
            of(32, 64, 32, 128, 3),
            of(128, 32, 32, 128, 3),
            of(32, 32, 32, 128, 3),
            of(128, 16, 32, 128, 3),
            split(128, 64, 256, 3, 2),
            split(128, 64, 256, 3, 4),
            split(128, 64, 256, 3, 8),
            split(64, 64, 128, 4, 2),
            split(64, 64, 128, 4, 4),
            split(64, 64, 128, 4, 8),
            split(32, 64, 128, 4, 4),
            split(32, 64, 128, 4, 8));

    private static final List<ConvolutionTile> ANYWHERE =
            ALL.stream().filter(t -> t.capability == 0).toList();
    /** Sums from which on a stage holds 64. */
    private static final int LONG_SUM = 128;
    /** Blocks under which a smaller tile is better, about one a multiprocessor of the devices that we know. */
    private static final int ENOUGH_BLOCKS = 120;
    /** Filters beyond which the narrowest tile would read its pixels too often. */
    private static final int MANY_FILTERS = 128;
    /** Steps along a sum that a block keeps for itself where it is shared. */
    private static final int FEWEST_STEPS = 2;
    /** Blocks from which on sharing a sum brings nothing. */
    private static final int MANY_BLOCKS = 600;

    /** Stages and later the sums of the whole tile, and what it takes to align them. */
    private static ConvolutionTile of(int rows, int columns, int depth, int threads, int stages) {
        int shared = 1024 + Math.max(stages * (rows + columns) * (depth + 8) * 2, rows * (columns + 8) * 4);
        return new ConvolutionTile(
                "conv_half_" + rows + "x" + columns + "x" + depth, rows, columns, depth, threads, shared, 1, 0);
    }

    private static ConvolutionTile split(int rows, int columns, int threads, int stages, int blocks) {
        ConvolutionTile whole = of(rows, columns, 64, threads, stages);
        return new ConvolutionTile(
                whole.kernel + "_" + blocks, rows, columns, 64, threads, whole.shared, blocks, HOPPER);
    }

    /**
     * Every tile that may be the best one, the first guess in front.
     *
     * @param m output pixels
     * @param filters columns
     * @param sum length of the inner dimension
     */
    static List<ConvolutionTile> candidates(long m, int filters, int sum) {
        Set<ConvolutionTile> tiles = new LinkedHashSet<>();
        tiles.add(first(m, filters, sum));
        ALL.stream().filter(t -> t.mayFit(m, filters, sum)).forEach(tiles::add);
        return List.copyOf(tiles);
    }

    /** The largest tile with enough blocks of those that suit the filters. */
    private static ConvolutionTile first(long m, int filters, int sum) {
        int depth = filters > 16 && sum >= LONG_SUM ? 64 : 32;
        Predicate<ConvolutionTile> suits = filters > 32
                ? t -> t.columns >= 64 && (filters > 64 || t.columns == 64) || t.rows == 32 && t.columns == 32
                : filters > 16 ? t -> t.columns == 32 : t -> t.columns == 16;
        List<ConvolutionTile> tiles =
                ANYWHERE.stream().filter(t -> t.depth == depth).filter(suits).toList();
        return tiles.stream()
                .filter(t -> t.blocks(m, filters) >= ENOUGH_BLOCKS)
                .findFirst()
                .orElse(tiles.getLast());
    }

    private boolean mayFit(long m, int filters, int sum) {
        boolean full = (columns <= 16 || columns < 2 * filters) && (rows <= 32 || rows < 2 * m);
        boolean shares = split == 1 || sum >= depth * FEWEST_STEPS * split && blocks(m, filters) * split <= MANY_BLOCKS;
        return full && shares && (columns > 16 || filters <= MANY_FILTERS) && (depth <= 32 || sum > 32);
    }

    private long blocks(long m, int filters) {
        return (m + rows - 1) / rows * ((filters + columns - 1) / columns);
    }

    /** Blocks for so many pixels, and filters as they are stored. */
    Grid grid(long m, int stored) {
        return new Grid(Math.toIntExact((m + rows - 1) / rows), (stored + columns - 1) / columns, split);
    }
}
