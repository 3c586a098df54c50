package sightline.kernels.graph;

import sightline.kernels.graph.Convolution.Window;
import sightline.kernels.tensor.DType;

/**
 * Layers: operations that declare their parameters in the current scope under the names that the official frameworks
 * give them ({@code weight}, {@code bias}, {@code running_mean} …).
 */
public interface Layers extends Writer {
    /** Declares a learned parameter; see {@link GraphBuilder#parameter}. */
    Value parameter(String name, long... shape);

    /** Declares a stored tensor; see {@link GraphBuilder#buffer}. */
    Value buffer(String name, DType dtype, long... shape);

    /** {@code weight} [out, in/groups, k, k] and, if asked, {@code bias}. */
    default Value conv2d(Value x, Conv conv) {
        Value weight = parameter("weight", conv.out(), x.size(1) / conv.groups(), conv.kernel(), conv.kernel());
        Convolution.Conv2d op = new Convolution.Conv2d(conv.window(), conv.groups());
        return conv.bias() ? single(op, x, weight, parameter("bias", conv.out())) : single(op, x, weight);
    }

    /** {@code weight} [in, out/groups, k, k] and, if asked, {@code bias}. */
    default Value convTranspose2d(Value x, Conv conv) {
        Value weight = parameter("weight", x.size(1), conv.out() / conv.groups(), conv.kernel(), conv.kernel());
        Window window = conv.window();
        Convolution.ConvTranspose2d op = new Convolution.ConvTranspose2d(window, 0, 0, conv.groups());
        return conv.bias() ? single(op, x, weight, parameter("bias", conv.out())) : single(op, x, weight);
    }

    /** {@code weight} [out, in] and, if asked, {@code bias}, on the last axis. */
    default Value linear(Value x, int out, boolean bias) {
        Value y = single(new Linear.MatMul(false, true), x, parameter("weight", out, x.size(-1)));
        return bias ? single(new Elementwise.Binary(Elementwise.Arithmetic.ADD), y, parameter("bias", out)) : y;
    }

    /** Inference meaning; {@link Graph#withTraining} gives the other. Also declares {@code num_batches_tracked}. */
    default Value batchNorm(Value x, double epsilon) {
        long channels = x.size(1);
        Value weight = parameter("weight", channels);
        Value bias = parameter("bias", channels);
        Value mean = buffer("running_mean", DType.F32, channels);
        Value variance = buffer("running_var", DType.F32, channels);
        buffer("num_batches_tracked", DType.I64);
        return single(new Norm.BatchNorm(epsilon, 0.1, false), x, weight, bias, mean, variance);
    }

    /** Affine layer normalisation over one axis: -1 for tokens, 1 for images. */
    default Value layerNorm(Value x, int axis, double epsilon) {
        long length = x.size(axis);
        return single(new Norm.LayerNorm(axis, epsilon), x, parameter("weight", length), parameter("bias", length));
    }

    /** Root-mean-square normalisation over one axis with a scale and, for {@code trms2d}, a bias. */
    default Value rmsNorm(Value x, int axis, double epsilon, boolean bias) {
        long length = x.size(axis);
        Norm.RmsNorm op = new Norm.RmsNorm(axis, epsilon);
        Value weight = parameter("weight", length);
        return bias ? single(op, x, weight, parameter("bias", length)) : single(op, x, weight);
    }

    default Value groupNorm(Value x, int groups, double epsilon) {
        long channels = x.size(1);
        return single(
                new Norm.GroupNorm(groups, epsilon), x, parameter("weight", channels), parameter("bias", channels));
    }

    /** {@code weight} [count, width], one row an id. */
    default Value embedding(Value ids, int count, int width) {
        return single(new Indexing.Gather(0), parameter("weight", count, width), ids);
    }
}
