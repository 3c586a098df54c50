package sightline.kernels.reference;

import java.util.ArrayList;
import java.util.List;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Norm;

/** Normalisations. */
final class Norms {
    private Norms() {}

    static List<Array> run(Norm op, List<Array> in, List<Array> out) {
        Array x = in.getFirst();
        switch (op) {
            case Norm.BatchNorm norm -> batch(norm, in, out);
            case Norm.LayerNorm layerNorm ->
                along(x, x.axis(layerNorm.axis()), out.getFirst(), layerNorm.epsilon(), true, in);
            case Norm.RmsNorm rmsNorm -> along(x, x.axis(rmsNorm.axis()), out.getFirst(), rmsNorm.epsilon(), false, in);
            case Norm.GroupNorm groupNorm -> group(x, groupNorm.groups(), out.getFirst(), groupNorm.epsilon(), in);
        }
        return out;
    }

    private static void batch(Norm.BatchNorm norm, List<Array> in, List<Array> out) {
        Array x = in.getFirst();
        int channels = x.shape[1];
        int plane = x.span(2, x.rank());
        double[] mean = in.get(3).reals;
        double[] variance = in.get(4).reals;
        if (norm.training()) {
            mean = out.get(1).reals;
            variance = out.get(2).reals;
            int count = x.shape[0] * plane;
            for (int i = 0; i < x.size; i++) {
                mean[i / plane % channels] += x.reals[i] / count;
            }
            for (int i = 0; i < x.size; i++) {
                double d = x.reals[i] - mean[i / plane % channels];
                variance[i / plane % channels] += d * d / count;
            }
            for (int c = 0; c < channels; c++) {
                double unbiased = variance[c] * count / Math.max(count - 1, 1);
                out.get(3).reals[c] = in.get(3).reals[c] + norm.momentum() * (mean[c] - in.get(3).reals[c]);
                out.get(4).reals[c] = in.get(4).reals[c] + norm.momentum() * (unbiased - in.get(4).reals[c]);
            }
        }
        for (int i = 0; i < x.size; i++) {
            int c = i / plane % channels;
            out.getFirst().reals[i] = (x.reals[i] - mean[c])
                            / Math.sqrt(variance[c] + norm.epsilon())
                            * in.get(1).reals[c]
                    + in.get(2).reals[c];
        }
    }

    static List<Array> batchInput(Adjoint.BatchNormInput op, List<Array> in, List<Array> out) {
        Array x = in.get(0);
        double[] dy = in.get(1).reals;
        double[] mean = in.get(3).reals;
        double[] dScale = out.get(1).reals;
        double[] dBias = out.get(2).reals;
        int channels = x.shape[1];
        int plane = x.span(2, x.rank());
        double count = (double) x.shape[0] * plane;
        double[] deviation = new double[channels];
        for (int c = 0; c < channels; c++) {
            deviation[c] = Math.sqrt(in.get(4).reals[c] + op.epsilon());
        }
        for (int i = 0; i < x.size; i++) {
            int c = i / plane % channels;
            dBias[c] += dy[i];
            dScale[c] += dy[i] * (x.reals[i] - mean[c]) / deviation[c];
        }
        for (int i = 0; i < x.size; i++) {
            int c = i / plane % channels;
            double normal = (x.reals[i] - mean[c]) / deviation[c];
            double rest = dy[i] - dBias[c] / count - normal * dScale[c] / count;
            out.getFirst().reals[i] = in.get(2).reals[c] / deviation[c] * rest;
        }
        return out;
    }

    private static void along(Array x, int axis, Array out, double epsilon, boolean centred, List<Array> in) {
        int length = x.shape[axis];
        int inner = x.span(axis + 1, x.rank());
        for (int o = 0; o < x.span(0, axis); o++) {
            for (int i = 0; i < inner; i++) {
                int base = o * length * inner + i;
                double mean = 0;
                for (int k = 0; centred && k < length; k++) {
                    mean += x.reals[base + k * inner] / length;
                }
                double square = 0;
                for (int k = 0; k < length; k++) {
                    double d = x.reals[base + k * inner] - mean;
                    square += d * d / length;
                }
                double scale = 1 / Math.sqrt(square + epsilon);
                for (int k = 0; k < length; k++) {
                    double y = (x.reals[base + k * inner] - mean) * scale;
                    out.reals[base + k * inner] = affine(y, k, in);
                }
            }
        }
    }

    private static void group(Array x, int groups, Array out, double epsilon, List<Array> in) {
        List<Array> plain = new ArrayList<>(List.of(x));
        Array rows = x.reshaped(x.shape[0] * groups, x.size / (x.shape[0] * groups));
        along(rows, 1, out, epsilon, true, plain);
        int plane = x.span(2, x.rank());
        for (int i = 0; i < out.size; i++) {
            out.reals[i] = affine(out.reals[i], i / plane % x.shape[1], in);
        }
    }

    private static double affine(double y, int channel, List<Array> in) {
        double scaled = in.size() > 1 ? y * in.get(1).reals[channel] : y;
        return in.size() > 2 ? scaled + in.get(2).reals[channel] : scaled;
    }
}
