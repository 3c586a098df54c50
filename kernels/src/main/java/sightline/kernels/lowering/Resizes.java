package sightline.kernels.lowering;

import java.util.Optional;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Convolution.Window;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Spatial;
import sightline.kernels.graph.Taps;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;

/** Resizes and pools as products with constant matrices, one for each axis. */
final class Resizes {
    /** Multiply-accumulates a pixel up to which a cubic resize is written as products. */
    private static final double LARGEST = 3000;

    private Resizes() {}

    static Optional<Value> of(Spatial.Resize resize, Value x, GraphBuilder g) {
        long h = resize.height().length();
        long w = resize.width().length();
        boolean whole = h % x.size(2) == 0 && w % x.size(3) == 0;
        return switch (resize.mode()) {
            case NEAREST -> whole ? Optional.empty() : Optional.of(product(resize, x, g));
            case AREA -> Optional.of(area(resize, x, h, w, g));
            case BILINEAR -> Optional.empty();
            // A runtime's general cubic kernel is scalar code, some 250 ns a pixel where the products take below 10;
            // they
            // lose only on images so tall that the matrices cost more than the sixteen taps.
            case BICUBIC -> cost(x, h) <= LARGEST ? Optional.of(product(resize, x, g)) : Optional.empty();
        };
    }

    /** Multiply-accumulates of the products for each pixel of the result. */
    private static double cost(Value x, long h) {
        return x.size(3) * (double) Math.min(x.size(2), h) / h + x.size(2);
    }

    private static Value area(Spatial.Resize resize, Value x, long h, long w, GraphBuilder g) {
        if (x.size(2) % h != 0 || x.size(3) % w != 0) {
            return product(resize, x, g);
        }
        int ky = (int) (x.size(2) / h);
        int kx = (int) (x.size(3) / w);
        return g.single(new Spatial.AvgPool(ky, kx, new Window(ky, kx, 0, 0, 0, 0, 1, 1), true), x);
    }

    private static Value product(Spatial.Resize resize, Value x, GraphBuilder g) {
        int h = (int) resize.height().length();
        int w = (int) resize.width().length();
        double[][] rows = matrix(Taps.of(resize.mode(), resize.grid(), (int) x.size(2), h), (int) x.size(2));
        double[][] columns = matrix(Taps.of(resize.mode(), resize.grid(), (int) x.size(3), w), (int) x.size(3));
        return product(x, rows, columns, g);
    }

    static Value adjoint(Adjoint.ResizeInput op, Value dy, GraphBuilder g) {
        int h = (int) op.height().length();
        int w = (int) op.width().length();
        double[][] rows = matrix(Taps.of(op.mode(), op.grid(), h, (int) dy.size(2)), h);
        double[][] columns = matrix(Taps.of(op.mode(), op.grid(), w, (int) dy.size(3)), w);
        return product(dy, transposed(rows, h), transposed(columns, w), g);
    }

    static Value unpool(Adjoint.AvgPoolInput op, Value dy, GraphBuilder g) {
        Spatial.AvgPool pool = op.pool();
        Window window = pool.window();
        int h = (int) op.height().length();
        int w = (int) op.width().length();
        double[][] rows =
                windows((int) dy.size(2), h, pool.kernelY(), window.strideY(), window.top(), pool.countPadding());
        double[][] columns =
                windows((int) dy.size(3), w, pool.kernelX(), window.strideX(), window.left(), pool.countPadding());
        return product(dy, transposed(rows, h), transposed(columns, w), g);
    }

    private static double[][] windows(int out, int in, int kernel, int stride, int before, boolean padded) {
        double[][] matrix = new double[out][in];
        for (int i = 0; i < out; i++) {
            int first = Math.max(i * stride - before, 0);
            int end = Math.min(i * stride - before + kernel, in);
            for (int k = first; k < end; k++) {
                matrix[i][k] = 1.0 / (padded ? kernel : end - first);
            }
        }
        return matrix;
    }

    private static double[][] matrix(Taps taps, int in) {
        double[][] matrix = new double[taps.index().length][in];
        for (int i = 0; i < matrix.length; i++) {
            for (int k = 0; k < taps.index()[i].length; k++) {
                matrix[i][taps.index()[i][k]] += taps.weight()[i][k];
            }
        }
        return matrix;
    }

    private static double[][] transposed(double[][] matrix, int columns) {
        double[][] turned = new double[columns][matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            for (int k = 0; k < columns; k++) {
                turned[k][i] = matrix[i][k];
            }
        }
        return turned;
    }

    /** rows · x · columnsᵀ, first along the axis that shrinks the data or lets it grow least. */
    private static Value product(Value x, double[][] rows, double[][] columns, GraphBuilder g) {
        Value r = constant(rows, x.dtype(), g);
        Value c = constant(columns, x.dtype(), g);
        boolean rowsFirst = rows.length * x.size(3) < columns.length * x.size(2);
        return rowsFirst ? g.matmul(g.matmul(r, x), false, c, true) : g.matmul(r, g.matmul(x, false, c, true));
    }

    private static Value constant(double[][] matrix, DType dtype, GraphBuilder g) {
        Tensor tensor = Tensor.allocate(dtype, matrix.length, matrix[0].length);
        for (int i = 0; i < matrix.length; i++) {
            for (int k = 0; k < matrix[i].length; k++) {
                tensor.set((long) i * matrix[i].length + k, matrix[i][k]);
            }
        }
        return g.constant(tensor);
    }
}
