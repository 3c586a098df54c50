package sightline.kernels.cuda;

import java.util.List;
import java.util.Set;
import sightline.kernels.cuda.Launch.Grid;
import sightline.kernels.graph.Finding;

/** Emits the kernels that find boxes in maps. */
final class Findings {
    /** Limits of the kernels, as `finding/boxes.cu` has them. */
    private static final int LEVELS = 8;

    private static final int LEVEL_LONGS = 9;
    private static final int CELLS = 256;
    private static final int MOST_CANDIDATES = 1024;

    static final Set<String> KERNELS = Set.of("nominate", "suppress");

    private final Emitter emitter;

    Findings(Emitter emitter) {
        this.emitter = emitter;
    }

    Array32 lower(Finding op, List<MapStack> maps) {
        return switch (op) {
            case Finding.Boxes boxes -> boxes(boxes, maps);
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
}
