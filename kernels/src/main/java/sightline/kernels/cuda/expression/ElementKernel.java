package sightline.kernels.cuda.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import sightline.kernels.cuda.program.ExpressionKernel;
import sightline.kernels.cuda.program.Launch.Grid;

/** Stores an expression, some of it packed perhaps: what chain_map and chain_pack are where they interpret. */
final class ElementKernel extends KernelWriter {
    /** Blocks that fill the devices that we know, at least. */
    private static final int MANY_BLOCKS = 528;

    ElementKernel(ExpressionDraft draft, List<ExpressionResult> results) {
        super(draft, new int[] {0}, results, results);
    }

    ExpressionKernel write() {
        int n = draft.size();
        int places = Integer.highestOneBit(places(MOST_PLACES));
        while (places > 1 && n / (BLOCK * width * places) < MANY_BLOCKS) {
            places /= 2;
        }
        Grid grid = Grid.covering((n + width - 1) / width, BLOCK * places);
        boolean exact = (long) grid.x() * BLOCK * width * places == n;
        compiler.begin();
        String thread = ptx.word("mad.lo.s32", special("%ctaid.x"), BLOCK * places, special("%tid.x"));
        PtxPlace first = PtxPlace.at(ptx.word("shl.b32", thread, Integer.numberOfTrailingZeros(width)));
        List<PtxPlace> all = IntStream.range(0, places)
                .mapToObj(i -> first.further(ptx, 0, i * BLOCK * width))
                .toList();
        List<String> valid = new ArrayList<>();
        for (PtxPlace place : all) {
            valid.add(exact ? null : ptx.truth("setp.lt.s32", place.index()[0], n));
        }
        List<ExpressionElements> elements = compiler.load(all, valid);
        for (int r = 0; r < results.size(); r++) {
            ExpressionResult result = results.get(r);
            String to = compiler.result(r, false);
            String scales = result.kind() == ExpressionResult.PACKED ? compiler.result(r, true) : null;
            for (int i = 0; i < places; i++) {
                if (scales != null) {
                    pack(elements.get(i), result, to, scales, all.get(i).index()[0], valid.get(i));
                } else {
                    elements.get(i).store(result, to, valid.get(i));
                }
            }
        }
        boolean packs = results.stream().anyMatch(result -> result.kind() == ExpressionResult.PACKED);
        return kernel(packs ? "chain_pack" : "chain_map", "", grid);
    }
}
