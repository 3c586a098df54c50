package sightline.operators.phd;

import java.util.Arrays;

/**
 * Items on the ground with a reach, found again by anything whose own reach may touch theirs: a hashed grid whose items
 * stand in every cell that their square covers. Items that cover many cells stand in a list that everybody sees. Reused;
 * no allocation in steady state.
 */
final class ReachGrid {
    private static final int MOST_CELLS = 36;

    private double cell = 1;
    private int[] head = new int[64];
    private int mask = 63;
    private int[] next = new int[64];
    private int[] item = new int[64];
    private int links;
    private int[] wide = new int[16];
    private int wideCount;
    private int[] found = new int[64];
    private int foundCount;

    void clear(int expected, double cellSize) {
        cell = cellSize;
        int size = Integer.highestOneBit(Math.max(32, 4 * expected)) * 2;
        if (head.length < size) {
            head = new int[size];
        }
        mask = size - 1;
        Arrays.fill(head, 0, size, -1);
        links = 0;
        wideCount = 0;
    }

    void add(int index, double x, double y, double reach) {
        long x0 = index(x - reach);
        long x1 = index(x + reach);
        long y0 = index(y - reach);
        long y1 = index(y + reach);
        if ((x1 - x0 + 1) * (y1 - y0 + 1) > MOST_CELLS) {
            if (wideCount == wide.length) {
                wide = Arrays.copyOf(wide, 2 * wideCount);
            }
            wide[wideCount++] = index;
            return;
        }
        for (long cx = x0; cx <= x1; cx++) {
            for (long cy = y0; cy <= y1; cy++) {
                if (links == next.length) {
                    next = Arrays.copyOf(next, 2 * links);
                    item = Arrays.copyOf(item, 2 * links);
                }
                int slot = slot(cx, cy);
                item[links] = index;
                next[links] = head[slot];
                head[slot] = links++;
            }
        }
    }

    /**
     * Collects candidates, some perhaps twice or too far, in no particular order; false where the square covers so many
     * cells that all items have to be tried.
     */
    boolean query(double x, double y, double reach) {
        foundCount = 0;
        long x0 = index(x - reach);
        long x1 = index(x + reach);
        long y0 = index(y - reach);
        long y1 = index(y + reach);
        if ((x1 - x0 + 1) * (y1 - y0 + 1) > 4 * MOST_CELLS) {
            return false;
        }
        for (int k = 0; k < wideCount; k++) {
            take(wide[k]);
        }
        for (long cx = x0; cx <= x1; cx++) {
            for (long cy = y0; cy <= y1; cy++) {
                for (int link = head[slot(cx, cy)]; link >= 0; link = next[link]) {
                    take(item[link]);
                }
            }
        }
        return true;
    }

    int count() {
        return foundCount;
    }

    int get(int k) {
        return found[k];
    }

    private void take(int index) {
        if (foundCount == found.length) {
            found = Arrays.copyOf(found, 2 * foundCount);
        }
        found[foundCount++] = index;
    }

    private long index(double x) {
        return (long) Math.floor(x / cell);
    }

    private int slot(long cx, long cy) {
        long h = cx * 0x9E3779B97F4A7C15L + cy * 0xC2B2AE3D27D4EB4FL;
        return (int) (h ^ (h >>> 32)) & mask;
    }
}
