package sightline.operators.candidates;

import static sightline.operators.candidates.Blocks.PANEL;
import static sightline.operators.candidates.VectorCandidate.BASE;

import java.util.Arrays;
import sightline.operators.candidates.VectorCandidate.Kernel;
import sightline.operators.candidates.VectorCandidate.State;

/**
 * Convolutions of one group with a larger kernel and few output channels, as an implicit product: on NHWC the values under one row of
 * the kernel lie side by side, and those of the next pixel a stride further. Det-B0 has one, on the picture, so there is no
 * gradient for x.
 */
final class Dense implements Kernel {
    private final Layer layer;
    private final Team team;
    /** Values under a row of the kernel. */
    private final int reach;
    /** For each row of the kernel, reach by panel. */
    private final float[] packed;

    /** Where they lie in x, from the first on. */
    private final int[] offsets;

    private final float[] gathered;
    /** From here to before {@link #end}, pixels see all columns of the kernel. */
    private final int inner;

    private final int end;

    Dense(Layer layer, Team team) {
        this.layer = layer;
        this.team = team;
        this.reach = layer.kernel() * layer.in();
        this.packed = new float[layer.kernel() * reach * PANEL + VectorCandidate.SLACK];
        this.offsets = new int[layer.kernel() * reach];
        Arrays.setAll(offsets, i -> i / reach * layer.width() * layer.in() + i % reach);
        this.gathered = new float[sums()];
        this.inner = Math.ceilDiv(layer.padding(), layer.stride());
        this.end = (layer.width() - layer.kernel() + layer.padding()) / layer.stride() + 1;
        if (layer.out() > Blocks.LANES || end - inner < Blocks.ROWS) {
            throw new IllegalArgumentException("Too many channels or too narrow: " + layer);
        }
    }

    @Override
    public void run(Pass pass, State s) {
        switch (pass) {
            case FORWARD -> forward(s);
            case INPUT -> throw new UnsupportedOperationException("No gradient for the picture");
            case WEIGHT -> weight(s);
        }
    }

    @Override
    public int sums() {
        return layer.kernel() * reach * layer.out();
    }

    private void forward(State s) {
        int k = layer.kernel();
        for (int o = 0; o < layer.out(); o++) {
            for (int ky = 0; ky < k; ky++) {
                for (int j = 0; j < reach; j++) {
                    packed[BASE + (ky * reach + j) * PANEL + o] = s.w[place(o, ky, j)];
                }
            }
        }
        team.run(layer.batch() * layer.outHeight(), (thread, row) -> {
            int from = firstRow(row);
            int to = Math.min(k, layer.height() - top(row));
            for (int x = 0; x < layer.outWidth(); x++) {
                if (x < inner || x >= end) {
                    edge(s, row, x, from, to);
                }
            }
            int at = BASE + (line(row, 0) - layer.padding()) * layer.in();
            for (int x = inner; x < end; x += Blocks.ROWS) {
                // The last block begins earlier and computes some pixels once more.
                int first = Math.min(x, end - Blocks.ROWS);
                Blocks.scattered(
                        offsets,
                        from * reach,
                        layer.out(),
                        (to - from) * reach,
                        s.x,
                        at + first * layer.stride() * layer.in(),
                        layer.stride() * layer.in(),
                        packed,
                        BASE + from * reach * PANEL,
                        PANEL,
                        s.y,
                        BASE + (row * layer.outWidth() + first) * layer.out(),
                        layer.out());
            }
        });
    }

    /** A pixel that does not see all columns of the kernel. */
    private void edge(State s, int row, int x, int from, int to) {
        int left = x * layer.stride() - layer.padding();
        int skip = Math.max(0, -left);
        int taps = Math.min(layer.kernel(), layer.width() - left) - skip;
        for (int ky = from; ky < to; ky++) {
            Blocks.multiply(
                    ky > from,
                    1,
                    layer.out(),
                    taps * layer.in(),
                    s.x,
                    BASE + (line(row, ky) + left + skip) * layer.in(),
                    0,
                    1,
                    packed,
                    BASE + (ky * reach + skip * layer.in()) * PANEL,
                    PANEL,
                    s.y,
                    BASE + (row * layer.outWidth() + x) * layer.out(),
                    0);
        }
    }

    private void weight(State s) {
        s.clearSums();
        team.run(layer.batch() * layer.outHeight(), (thread, row) -> {
            for (int ky = firstRow(row); ky < Math.min(layer.kernel(), layer.height() - top(row)); ky++) {
                for (int x = 0, count; x < layer.outWidth(); x += count) {
                    count = x == inner ? end - inner : 1;
                    weight(s, s.sums[thread], row, ky, x, count);
                }
            }
        });
        s.gather(gathered);
        for (int o = 0; o < layer.out(); o++) {
            for (int ky = 0; ky < layer.kernel(); ky++) {
                for (int j = 0; j < reach; j++) {
                    s.dw[place(o, ky, j)] = gathered[(ky * layer.out() + o) * reach + j];
                }
            }
        }
    }

    /** Pixels from x on that see the same columns of the kernel. */
    private void weight(State s, float[] sums, int row, int ky, int x, int count) {
        int left = x * layer.stride() - layer.padding();
        int skip = Math.max(0, -left);
        int depth = (Math.min(layer.kernel(), layer.width() - left) - skip) * layer.in();
        for (int from = 0; from < depth; from += PANEL) {
            Blocks.multiply(
                    true,
                    layer.out(),
                    Math.min(PANEL, depth - from),
                    count,
                    s.dy,
                    BASE + (row * layer.outWidth() + x) * layer.out(),
                    1,
                    layer.out(),
                    s.x,
                    BASE + (line(row, ky) + left + skip) * layer.in() + from,
                    layer.stride() * layer.in(),
                    sums,
                    BASE + (ky * layer.out() * reach) + skip * layer.in() + from,
                    reach);
        }
    }

    /** Where a weight lies: value j under row ky of the kernel. */
    private int place(int o, int ky, int j) {
        int kx = j / layer.in();
        int c = j % layer.in();
        return ((o * layer.in() + c) * layer.kernel() + ky) * layer.kernel() + kx;
    }

    /** Row of x under the first row of the kernel, of an output row counted through the batch. */
    private int top(int row) {
        return row % layer.outHeight() * layer.stride() - layer.padding();
    }

    /** The first row of the kernel that lies inside. */
    private int firstRow(int row) {
        return Math.max(0, -top(row));
    }

    /** First pixel of x in the row under row ky of the kernel, counted through the batch. */
    private int line(int row, int ky) {
        return (row / layer.outHeight() * layer.height() + top(row) + ky) * layer.width();
    }
}
