package sightline.kernels.cuda.half;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.cuda.program.Pixels;
import sightline.kernels.cuda.program.Slot;

/**
 * A dense convolution in half precision, or a phase of a transposed one, and every way to compute it.
 *
 * @param filters packed as {@link Packing#dense} does
 * @param bias null for none
 * @param residual added, null for none
 * @param at which output pixels are computed and where they lie
 * @param activation the kernels' code
 * @param residualFirst whether the sum comes before the activation
 */
record DenseLayer(
        Pixels x,
        MemorySegment filters,
        float[] bias,
        Pixels residual,
        Pixels y,
        int kernelY,
        int kernelX,
        int strideY,
        int strideX,
        int dilationY,
        int dilationX,
        Placement at,
        int activation,
        boolean residualFirst) {

    /** Geometry of one implicit GEMM: which output pixels it computes and where they lie. */
    record Placement(int rows, int columns, int padY, int padX, int scaleY, int scaleX, int shiftY, int shiftX) {
        /** Every pixel of the result, from the pixel at the same place. */
        static Placement same(Pixels y) {
            return new Placement(y.height(), y.width(), 0, 0, 1, 1, 0, 0);
        }
    }

    private long m() {
        return (long) x.batch() * at.rows * at.columns;
    }

    private int depth() {
        return kernelY * kernelX * x.stored();
    }

    double flops() {
        return 2.0 * m() * y.channels() * kernelY * kernelX * x.channels();
    }

    private double bytes() {
        return x.bytes() + filters.byteSize() + 2.0 * m() * y.stored() * (residual == null ? 1 : 2);
    }

    boolean pointwise() {
        return depth() == x.stored() && strideY == 1 && strideX == 1 && at.equals(Placement.same(y));
    }

    /** 3x3 of that stride, each pixel of the result in the middle of those that it reads. */
    boolean neighbours(int stride) {
        boolean same = at.equals(new Placement(y.height(), y.width(), 1, 1, 1, 1, 0, 0));
        boolean close = strideY == stride && strideX == stride && dilationY == 1 && dilationX == 1;
        boolean whole = x.height() == stride * y.height() && x.width() == stride * y.width();
        return kernelY == 3 && kernelX == 3 && same && close && whole;
    }

    /** All that its time depends on. */
    String signature() {
        return "dense %dx%dx%dx%d to %d, %dx%d /%d,%d by %d,%d, %dx%d of %dx%d, act %d%s"
                .formatted(
                        x.batch(),
                        x.height(),
                        x.width(),
                        x.channels(),
                        y.channels(),
                        kernelY,
                        kernelX,
                        strideY,
                        strideX,
                        dilationY,
                        dilationX,
                        at.rows,
                        at.columns,
                        y.height(),
                        y.width(),
                        activation,
                        residual == null ? "" : residualFirst ? ", plus before" : ", plus");
    }

    List<Candidate> candidates() {
        List<Candidate> all = new ArrayList<>();
        if (neighbours(1)) {
            HaloTile.candidates(x, y).forEach(tile -> all.add(halo(tile)));
        }
        PointwiseCut cut = pointwise() ? PointwiseCut.of(m(), depth(), y.stored()) : null;
        if (cut != null) {
            all.add(cut(cut));
        }
        List<WideTile> wide = pointwise() ? WideTile.candidates(m(), depth(), y.stored()) : List.of();
        wide.stream().filter(t -> t.fills(m(), y.stored())).forEach(t -> all.add(wide(t)));
        ConvolutionTile.candidates(m(), y.channels(), depth()).forEach(tile -> all.add(tile(tile)));
        wide.stream().filter(t -> !t.fills(m(), y.stored())).forEach(t -> all.add(wide(t)));
        if (pointwise()) {
            PointwiseCut.all(m(), depth(), y.stored()).stream()
                    .filter(c -> !c.equals(cut))
                    .forEach(c -> all.add(cut(c)));
            SplitTile.candidates(m(), y.stored(), depth()).forEach(s -> all.add(split(s)));
        }
        return all;
    }

    private Candidate split(SplitTile tile) {
        return new Candidate(tile.kernel() + " by " + tile.pieces(), tile.shared(), 0, emitter -> {
            int pixels = Math.toIntExact(m());
            Slot partial = emitter.room(4L * tile.pieces() * m() * y.stored());
            Params params = new Params()
                    .slot(x.slot())
                    .slot(emitter.constant(filters))
                    .slot(partial)
                    .slot(emitter.vector(bias))
                    .slot(residual == null ? null : residual.slot())
                    .slot(y.slot())
                    .int32(pixels, depth(), y.channels(), y.stored(), tile.piece(), tile.pieces())
                    .int32(activation, residualFirst ? 1 : 0);
            Grid grid = tile.grid(m(), y.stored());
            double operands = x.bytes() + filters.byteSize();
            emitter.grid("split_half", tile.kernel(), grid, tile.threads(), tile.shared(), params, flops(), operands);
            emitter.each("split_half", "split_half_sum", m() * y.stored() / 8, params, 0, bytes() - operands);
        });
    }

    private Candidate cut(PointwiseCut cut) {
        String name = cut.kernel() + " " + cut.grid().x() + "x" + cut.grid().y();
        return new Candidate(name, cut.shared(), 0, emitter -> {
            Params params = operands(emitter)
                    .int32(Math.toIntExact(m()), depth(), y.channels(), y.stored(), cut.each())
                    .int32(activation, residualFirst ? 1 : 0);
            emitter.grid(
                    "pointwise_half",
                    cut.kernel(),
                    cut.grid(),
                    PointwiseCut.THREADS,
                    cut.shared(),
                    params,
                    flops(),
                    bytes());
        });
    }

    private Candidate halo(HaloTile tile) {
        return new Candidate(tile.kernel(), tile.shared(), ConvolutionTile.HOPPER, emitter -> {
            int rows = Math.toIntExact(filters.byteSize() / (2L * depth()));
            Params params = tile.params(x, emitter.constant(filters), rows, emitter.vector(bias), residual, y)
                    .int32(activation, residualFirst ? 1 : 0);
            emitter.grid(
                    "conv_halo",
                    tile.kernel(),
                    tile.grid(y),
                    HaloTile.THREADS,
                    tile.shared(),
                    params,
                    flops(),
                    bytes());
        });
    }

    private Candidate wide(WideTile tile) {
        return new Candidate(tile.kernel(), tile.shared(), ConvolutionTile.HOPPER, emitter -> {
            int rows = Math.toIntExact(filters.byteSize() / (2L * depth()));
            Params params = tile.params(x, m(), emitter.constant(filters), rows, emitter.vector(bias), residual, y)
                    .int32(activation, residualFirst ? 1 : 0);
            Grid grid = tile.grid(m(), y.stored());
            emitter.grid(
                    "pointwise_wide", tile.kernel(), grid, tile.threads(), tile.shared(), params, flops(), bytes());
        });
    }

    private Candidate tile(ConvolutionTile tile) {
        return new Candidate(tile.kernel(), tile.shared(), tile.capability(), emitter -> {
            Params params = operands(emitter)
                    .int32(x.batch(), x.height(), x.width(), x.stored())
                    .int32(at.rows, at.columns, y.channels(), y.stored())
                    .int32(kernelX, strideY, strideX, at.padY, at.padX, dilationY, dilationX, depth())
                    .int32(activation, residualFirst ? 1 : 0)
                    .int32(y.height(), y.width(), at.scaleY, at.scaleX, at.shiftY, at.shiftX);
            emitter.grid(
                    "conv_half",
                    tile.kernel(),
                    tile.grid(m(), y.stored()),
                    tile.threads(),
                    tile.shared(),
                    params,
                    flops(),
                    bytes());
        });
    }

    private Params operands(Emitter emitter) {
        return new Params()
                .slot(x.slot())
                .slot(emitter.constant(filters))
                .slot(emitter.vector(bias))
                .slot(residual == null ? null : residual.slot())
                .slot(y.slot());
    }
}
