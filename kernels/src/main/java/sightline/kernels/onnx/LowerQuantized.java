package sightline.kernels.onnx;

import java.util.List;
import sightline.kernels.graph.Convolution;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.onnx.Quantization.Range;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;

/** Convolutions between quantising and dequantising nodes; the runtime fuses the three into one in eight bits. */
final class LowerQuantized {
    /**
     * Weights are stored without a sign, with zero in the middle. Signed ones the runtime multiplies in pairs that
     * saturate on processors without VNNI, so that the same model would lose accuracy there.
     */
    private static final int MIDDLE = 128;

    private LowerQuantized() {}

    static void convolution(Node node, Quantization plan, ModelWriter out) {
        Convolution.Conv2d conv = (Convolution.Conv2d) node.op();
        Range in = plan.range(node.input(0));
        Tensor weights = plan.stored(node.input(1));
        double[] scales = scales(weights);
        Shape shape = node.input(1).shape();
        out.node(
                "Conv",
                List.of(
                        through(out.name(node.input(0)), in, out),
                        weights(weights, scales, out),
                        bias(plan.stored(node.input(2)), scales, in.scale(), out)),
                List.of(out.name(node.output())),
                Attributes.ints("kernel_shape", shape.size(2), shape.size(3)),
                Attributes.pads(conv.window()),
                Attributes.strides(conv.window()),
                Attributes.dilations(conv.window()),
                Attributes.of("group", (long) conv.groups()));
    }

    /** The value narrowed and widened again; returns the new name. */
    static String through(String name, Range range, ModelWriter out) {
        String scale = out.scalar(range.scale(), DType.F32);
        String zero = out.scalar(range.zero(), DType.U8);
        String narrow = out.inner("QuantizeLinear", List.of(name, scale, zero));
        return out.inner("DequantizeLinear", List.of(narrow, scale, zero));
    }

    /** Puts the narrowing behind a value that is already written: later readers get the widened one. */
    static void end(Value value, Quantization plan, ModelWriter out) {
        out.name(value, through(out.name(value), plan.range(value), out));
    }

    private static double[] scales(Tensor weights) {
        double[] scales = new double[(int) weights.dim(0)];
        long each = weights.size() / scales.length;
        for (long i = 0; i < weights.size(); i++) {
            int channel = (int) (i / each);
            scales[channel] = Math.max(scales[channel], Math.abs(weights.get(i)) / 127);
        }
        for (int c = 0; c < scales.length; c++) {
            scales[c] = Math.max(scales[c], 1e-9);
        }
        return scales;
    }

    private static String weights(Tensor weights, double[] scales, ModelWriter out) {
        Tensor narrow = Tensor.allocate(DType.U8, weights.shape());
        long each = weights.size() / scales.length;
        for (long i = 0; i < weights.size(); i++) {
            long steps = Math.clamp(Math.round(weights.get(i) / scales[(int) (i / each)]), -127, 127);
            narrow.setLong(i, MIDDLE + steps);
        }
        return widened(narrow, scales, MIDDLE, out);
    }

    private static String bias(Tensor bias, double[] scales, double image, ModelWriter out) {
        Tensor narrow = Tensor.allocate(DType.I32, bias.shape());
        double[] products = new double[scales.length];
        for (int c = 0; c < scales.length; c++) {
            products[c] = scales[c] * image;
            narrow.setLong(c, Math.clamp(Math.round(bias.get(c) / products[c]), Integer.MIN_VALUE, Integer.MAX_VALUE));
        }
        return widened(narrow, products, 0, out);
    }

    private static String widened(Tensor narrow, double[] scales, int zero, ModelWriter out) {
        Tensor factors = Tensor.allocate(DType.F32, scales.length);
        Tensor zeros = Tensor.allocate(narrow.dtype(), scales.length);
        for (int c = 0; c < scales.length; c++) {
            factors.set(c, scales[c]);
            zeros.setLong(c, zero);
        }
        return out.inner(
                "DequantizeLinear",
                List.of(out.literal(narrow), out.literal(factors), out.literal(zeros)),
                Attributes.of("axis", 0L));
    }
}
