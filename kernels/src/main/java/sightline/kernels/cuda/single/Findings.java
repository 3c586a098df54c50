package sightline.kernels.cuda.single;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.graph.Finding;
import sightline.kernels.graph.Value;

/** Emits the kernels that find things in maps, wherever those lie. */
public final class Findings {
    /** Their names. */
    public static final Set<String> KERNELS =
            Set.of("nominate", "suppress", "tops", "best_tops", "tile_bounds", "search", "place");

    /** Limits of {@code finding/boxes.cu}. */
    private static final int LEVELS = 8;

    private static final int LEVEL_LONGS = 9;
    private static final int CELLS = 256;
    private static final int MOST_CANDIDATES = 1024;

    /** Those of {@code finding/peaks.cu}. */
    private static final int THREADS = 256;

    private static final int TILE = 32;
    private static final int TOGETHER = 8;
    private static final int WARPS = THREADS / 32;
    private static final int PIECES = 4;
    private static final int BOUNDS_BYTES = 16;
    private static final int PLACE_BYTES = 16;
    /** Instructions on floats that an enlarged value takes. */
    private static final double ENLARGING = 20;

    private final Emitter emitter;

    /** Kernels go to the emitter. */
    public Findings(Emitter emitter) {
        this.emitter = emitter;
    }

    /**
     * @param maps where an operand's maps lie
     * @param arrays the same of operands that are no maps
     */
    public Array32 lower(
            Finding op, List<Value> operands, Function<Value, MapStack> maps, Function<Value, Array32> arrays) {
        MapStack first = maps.apply(operands.get(0));
        MapStack second = maps.apply(operands.get(1));
        return switch (op) {
            case Finding.Boxes boxes -> boxes(boxes, operands.stream().map(maps).toList());
            case Finding.Peaks peaks -> peaks(peaks, first, second);
            case Finding.Summits summits -> summits(first, second, arrays.apply(operands.get(2)));
        };
    }

    private Array32 boxes(Finding.Boxes op, List<MapStack> maps) {
        int levels = op.strides().size();
        if (levels > LEVELS || op.candidates() > MOST_CANDIDATES) {
            throw new UnsupportedOperationException(
                    "at most " + LEVELS + " levels and " + MOST_CANDIDATES + " candidates");
        }
        int images = maps.getFirst().images();
        int classes = maps.getFirst().channels();
        Params params = new Params();
        int pieces = 0;
        int places = 0;
        double bytes = 0;
        for (int l = 0; l < levels; l++) {
            MapStack logits = maps.get(2 * l);
            logits.describe(params);
            maps.get(2 * l + 1).describe(params);
            params.int32(op.strides().get(l), logits.width(), logits.area(), pieces, places, 0);
            pieces += Math.ceilDiv(logits.area(), CELLS);
            places = Math.addExact(places, Math.multiplyExact(classes, logits.area()));
            bytes += logits.bytes();
        }
        for (int l = levels; l < LEVELS; l++) {
            params.int64Array(new long[0], LEVEL_LONGS);
        }
        Array32 out = emitter.array(false, images, op.most(), Finding.Boxes.ROW);
        params.slot(emitter.room(8L * images * pieces * CELLS * classes))
                .slot(emitter.room(4L * images * pieces))
                .slot(out.slot())
                .float64(op.overlap())
                .int32(levels, classes, pieces, op.candidates(), op.most())
                .float32(op.reach(), op.least());
        emitter.grid("boxes", "nominate", new Grid(pieces, images, 1), CELLS, 0, params, 0, bytes);
        emitter.grid("boxes", "suppress", Grid.of(images), MOST_CANDIDATES, 0, params, 0, 4.0 * out.size());
        return out;
    }

    private Array32 peaks(Finding.Peaks op, MapStack coarse, MapStack fine) {
        if (op.most() > THREADS) {
            throw new UnsupportedOperationException("at most " + THREADS + " peaks of a map");
        }
        int images = fine.images();
        int maps = fine.channels();
        int tiles = tiles(fine);
        Array32 out = emitter.array(false, images, maps, op.most(), Finding.Peaks.ROW);
        Params params = pyramid(coarse, fine)
                .slot(emitter.room(8L * images * maps * tiles * op.most()))
                .slot(emitter.room(4L * images * maps * tiles))
                .slot(out.slot())
                .int32(op.most())
                .float32(op.least());
        Grid each = new Grid(tiles, Math.ceilDiv(maps, TOGETHER), images);
        double values = 4.0 * fine.area() * maps * images;
        emitter.grid("peaks", "tops", each, THREADS, 0, params, ENLARGING * values, coarse.bytes() + fine.bytes());
        emitter.grid("peaks", "best_tops", new Grid(maps, images, 1), THREADS, 0, params, 0, 4.0 * out.size());
        return out;
    }

    /** @param sought rows of a picture's number, a map's and a tag */
    private Array32 summits(MapStack coarse, MapStack fine, Array32 sought) {
        int images = fine.images();
        int maps = fine.channels();
        int count = sought.dim(0);
        int tiles = tiles(fine);
        Array32 out = emitter.array(false, count, Finding.Summits.ROW);
        Params params = pyramid(coarse, fine)
                .slot(sought.slot())
                .slot(emitter.room((long) BOUNDS_BYTES * images * maps * tiles))
                .slot(emitter.room((long) PLACE_BYTES * count * PIECES))
                .slot(out.slot())
                .int32(count);
        Grid bounds = new Grid(Math.ceilDiv(tiles, WARPS), maps, images);
        emitter.grid("peaks", "tile_bounds", bounds, THREADS, 0, params, 0, coarse.bytes() + fine.bytes());
        emitter.grid("peaks", "search", new Grid(PIECES, count, 1), THREADS, 0, params, 0, 0);
        emitter.grid("peaks", "place", Grid.of(count), THREADS, 0, params, 0, 4.0 * out.size());
        return out;
    }

    private static int tiles(MapStack fine) {
        return Math.ceilDiv(2 * fine.height(), TILE) * Math.ceilDiv(2 * fine.width(), TILE);
    }

    private static Params pyramid(MapStack coarse, MapStack fine) {
        Params params = new Params();
        coarse.describe(params);
        fine.describe(params);
        int across = Math.ceilDiv(2 * fine.width(), TILE);
        return params.int32(fine.channels(), coarse.height(), coarse.width(), across, tiles(fine), fine.images());
    }
}
