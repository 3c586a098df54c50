package sightline.kernels.onnx;

import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.List;
import sightline.kernels.graph.Convolution.Window;
import sightline.kernels.onnx.wire.Attribute;

/** Attributes of nodes, by kind. */
final class Attributes {
    private static final int FLOAT = 1;
    private static final int INT = 2;
    private static final int STRING = 3;
    private static final int INTS = 7;

    private Attributes() {}

    static Attribute of(String name, long value) {
        return Attribute.newBuilder().setName(name).setType(INT).setI(value).build();
    }

    static Attribute of(String name, double value) {
        return Attribute.newBuilder()
                .setName(name)
                .setType(FLOAT)
                .setF((float) value)
                .build();
    }

    static Attribute of(String name, String value) {
        return Attribute.newBuilder()
                .setName(name)
                .setType(STRING)
                .setS(ByteString.copyFromUtf8(value))
                .build();
    }

    static Attribute ints(String name, long... values) {
        return Attribute.newBuilder()
                .setName(name)
                .setType(INTS)
                .addAllInts(Arrays.stream(values).boxed().toList())
                .build();
    }

    static Attribute ints(String name, List<Integer> values) {
        return ints(name, values.stream().mapToLong(Integer::longValue).toArray());
    }

    static Attribute pads(Window w) {
        return ints("pads", w.top(), w.left(), w.bottom(), w.right());
    }

    static Attribute strides(Window w) {
        return ints("strides", w.strideY(), w.strideX());
    }

    static Attribute dilations(Window w) {
        return ints("dilations", w.dilationY(), w.dilationX());
    }
}
