package sightline.kernels.onnx;

import java.util.ArrayList;
import java.util.List;
import sightline.kernels.engine.EngineException;
import sightline.kernels.graph.Convolution;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Spatial;
import sightline.kernels.onnx.wire.Attribute;

/** Convolutions and the other operations on images as ONNX. */
final class LowerImages {
    private LowerImages() {}

    static void convolution(Convolution op, Node node, List<String> in, ModelWriter out) {
        List<String> y = List.of(out.name(node.output()));
        Shape w = node.input(1).shape();
        Attribute kernel = Attributes.ints("kernel_shape", w.size(2), w.size(3));
        switch (op) {
            case Convolution.Conv2d conv ->
                out.node(
                        "Conv",
                        in,
                        y,
                        kernel,
                        Attributes.pads(conv.window()),
                        Attributes.strides(conv.window()),
                        Attributes.dilations(conv.window()),
                        Attributes.of("group", (long) conv.groups()));
            case Convolution.ConvTranspose2d conv ->
                out.node(
                        "ConvTranspose",
                        in,
                        y,
                        kernel,
                        Attributes.pads(conv.window()),
                        Attributes.strides(conv.window()),
                        Attributes.dilations(conv.window()),
                        Attributes.ints("output_padding", conv.extraY(), conv.extraX()),
                        Attributes.of("group", (long) conv.groups()));
        }
    }

    static void spatial(Spatial op, Node node, List<String> in, ModelWriter out) {
        List<String> y = List.of(out.name(node.output()));
        switch (op) {
            case Spatial.Resize resize -> resize(resize, node, in, y, out);
            case Spatial.PixelShuffle shuffle ->
                out.node(
                        "DepthToSpace",
                        in,
                        y,
                        Attributes.of("blocksize", (long) shuffle.factor()),
                        Attributes.of("mode", "CRD"));
            case Spatial.PixelUnshuffle shuffle ->
                throw new EngineException(shuffle + " was not decomposed before lowering");
            case Spatial.MaxPool pool ->
                out.node(
                        "MaxPool",
                        in,
                        y,
                        Attributes.ints("kernel_shape", pool.kernelY(), pool.kernelX()),
                        Attributes.pads(pool.window()),
                        Attributes.strides(pool.window()),
                        Attributes.dilations(pool.window()));
            case Spatial.AvgPool pool ->
                out.node(
                        "AveragePool",
                        in,
                        y,
                        Attributes.ints("kernel_shape", pool.kernelY(), pool.kernelX()),
                        Attributes.pads(pool.window()),
                        Attributes.strides(pool.window()),
                        Attributes.of("count_include_pad", pool.countPadding() ? 1L : 0L));
        }
    }

    private static void resize(Spatial.Resize resize, Node node, List<String> in, List<String> y, ModelWriter out) {
        List<Attribute> attributes = new ArrayList<>();
        switch (resize.mode()) {
            case NEAREST -> {
                attributes.add(Attributes.of("mode", "nearest"));
                attributes.add(Attributes.of("nearest_mode", "floor"));
            }
            case BILINEAR -> attributes.add(Attributes.of("mode", "linear"));
            case BICUBIC -> {
                attributes.add(Attributes.of("mode", "cubic"));
                attributes.add(Attributes.of("cubic_coeff_a", -0.75));
            }
            case AREA -> throw new EngineException(resize + " was not decomposed before lowering");
        }
        String grid = resize.mode() == Spatial.Mode.NEAREST
                ? "asymmetric"
                : resize.grid() == Spatial.Grid.HALF_PIXEL ? "half_pixel" : "align_corners";
        attributes.add(Attributes.of("coordinate_transformation_mode", grid));
        String sizes = out.integers(node.output().shape().toArray());
        out.node("Resize", List.of(in.getFirst(), "", "", sizes), y, attributes.toArray(Attribute[]::new));
    }
}
