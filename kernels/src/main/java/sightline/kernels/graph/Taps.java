package sightline.kernels.graph;

import sightline.kernels.graph.Spatial.Grid;
import sightline.kernels.graph.Spatial.Mode;

/**
 * One axis of a resize as weighted taps: the pixel i of the new axis is {@code Σ weight[i][k] · old[index[i][k]]}.
 * Resizing an image is the two axes one after the other, and its adjoint is the taps read backwards.
 */
public record Taps(int[][] index, double[][] weight) {
    private static final double A = -0.75;

    /** Taps for going from {@code in} to {@code out} pixels. */
    public static Taps of(Mode mode, Grid grid, int in, int out) {
        Taps taps = new Taps(new int[out][], new double[out][]);
        for (int i = 0; i < out; i++) {
            switch (mode) {
                case NEAREST -> taps.set(i, new int[] {(int) ((long) i * in / out)}, new double[] {1});
                case AREA -> taps.area(i, in, out);
                case BILINEAR -> taps.bilinear(i, Math.max(position(grid, i, in, out), 0), in);
                case BICUBIC -> taps.bicubic(i, position(grid, i, in, out), in);
            }
        }
        return taps;
    }

    private static double position(Grid grid, int i, int in, int out) {
        return switch (grid) {
            case HALF_PIXEL -> (i + 0.5) * in / out - 0.5;
            case ALIGN_CORNERS -> out == 1 ? 0 : (double) i * (in - 1) / (out - 1);
        };
    }

    private void set(int i, int[] at, double[] by) {
        index[i] = at;
        weight[i] = by;
    }

    private void area(int i, int in, int out) {
        int first = (int) ((long) i * in / out);
        int end = (int) Math.ceilDiv((i + 1L) * in, (long) out);
        int[] at = new int[end - first];
        double[] by = new double[end - first];
        for (int k = 0; k < at.length; k++) {
            at[k] = first + k;
            by[k] = 1.0 / at.length;
        }
        set(i, at, by);
    }

    private void bilinear(int i, double position, int in) {
        int low = Math.min((int) position, in - 1);
        double part = position - low;
        set(i, new int[] {low, Math.min(low + 1, in - 1)}, new double[] {1 - part, part});
    }

    private void bicubic(int i, double position, int in) {
        int base = (int) Math.floor(position);
        int[] at = new int[4];
        double[] by = new double[4];
        for (int k = 0; k < 4; k++) {
            at[k] = Math.clamp(base - 1 + k, 0, in - 1);
            by[k] = kernel(Math.abs(position - (base - 1 + k)));
        }
        set(i, at, by);
    }

    private static double kernel(double t) {
        if (t <= 1) {
            return ((A + 2) * t - (A + 3)) * t * t + 1;
        }
        return t < 2 ? ((A * t - 5 * A) * t + 8 * A) * t - 4 * A : 0;
    }
}
