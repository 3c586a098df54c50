package sightline.kernels.cuda.half;

import java.util.ArrayList;
import java.util.List;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.cuda.program.Pixels;
import sightline.kernels.cuda.program.Slot;

/**
 * A depthwise convolution in half precision and every way to compute it.
 *
 * @param filters packed as {@link Packing#depthwise} does
 * @param bias null for none
 * @param mean of each channel of x as it is stored; null where it is not known
 * @param raised what each channel of x is stored less, null for nothing: outside the image lies that much below zero
 * @param centre what each channel of y is stored less, after the activation; null for nothing
 * @param k side of the filters
 * @param activation the kernels' code
 */
record DepthwiseLayer(
        Pixels x,
        float[] filters,
        float[] bias,
        float[] mean,
        float[] raised,
        float[] centre,
        Pixels y,
        int k,
        int stride,
        int pad,
        int activation) {
    /** Threads under which each output gets its own. */
    private static final int FEW_THREADS = 100_000;

    /** All that its time depends on. */
    String signature() {
        return "depthwise %dx%dx%dx%d, %d /%d pad %d, act %d%s"
                .formatted(
                        x.batch(),
                        x.height(),
                        x.width(),
                        x.channels(),
                        k,
                        stride,
                        pad,
                        activation,
                        raised == null ? "" : ", raised");
    }

    List<Candidate> candidates() {
        List<Candidate> all = new ArrayList<>();
        DepthwiseTile best = DepthwiseTile.of(y, k, stride);
        if (best != null) {
            all.add(tile(best));
        }
        // The kernels without tiles know zeros alone outside the image.
        if (raised == null) {
            int wide = stride == 1 ? 4 : k == 3 ? 2 : 1;
            boolean few = y.elements() / 8 / wide < FEW_THREADS;
            all.add(spans(few ? 1 : wide));
            if (wide > 1) {
                all.add(spans(few ? wide : 1));
            }
        }
        DepthwiseTile.all(y, k, stride).stream().filter(t -> !t.equals(best)).forEach(t -> all.add(tile(t)));
        return all;
    }

    private Candidate tile(DepthwiseTile tile) {
        return new Candidate(tile.name() + " across " + tile.across(), tile.shared(), 0, emitter -> {
            Params params = new Params()
                    .slot(x.slot())
                    .slot(emitter.vector(filters))
                    .slot(emitter.vector(bias))
                    .slot(outside(emitter))
                    .slot(emitter.vector(centre))
                    .slot(y.slot())
                    .int32(x.height(), x.width(), x.stored(), y.height(), y.width())
                    .int32(pad, activation, tile.across(), tile.tilesX(), tile.tilesY());
            emitter.grid(
                    "depthwise_tile",
                    tile.name(),
                    tile.grid(y),
                    DepthwiseTile.THREADS,
                    tile.shared(),
                    params,
                    flops(),
                    bytes());
        });
    }

    private Candidate spans(int span) {
        String kernel = "depthwise_half_" + k + "_" + stride + "_" + span;
        return new Candidate(kernel, 0, 0, emitter -> {
            Params params = new Params()
                    .slot(x.slot())
                    .slot(emitter.constant(Packing.halves(filters)))
                    .slot(emitter.vector(Packing.depthwiseBias(filters, bias, mean)))
                    .slot(emitter.vector(centre))
                    .slot(y.slot())
                    .int32(x.batch(), x.height(), x.width(), x.stored(), y.height(), y.width())
                    .int32(pad, pad, activation);
            long threads = (long) y.batch() * y.height() * ((y.width() + span - 1) / span) * (y.stored() / 8);
            emitter.grid("depthwise_half", kernel, Grid.covering(threads, 128), 128, 0, params, flops(), bytes());
        });
    }

    /** A pixel of what lies outside the image, null for zeros. */
    private Slot outside(Emitter emitter) {
        if (raised == null) {
            return null;
        }
        float[] below = raised.clone();
        for (int c = 0; c < below.length; c++) {
            below[c] = -below[c];
        }
        return emitter.constant(Packing.halves(below));
    }

    private double flops() {
        return 2.0 * k * k * y.elements();
    }

    private double bytes() {
        return x.bytes() + y.bytes();
    }
}
