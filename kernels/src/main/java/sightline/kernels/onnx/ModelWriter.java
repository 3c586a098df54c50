package sightline.kernels.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sightline.kernels.graph.TensorType;
import sightline.kernels.graph.Value;
import sightline.kernels.onnx.wire.Attribute;
import sightline.kernels.onnx.wire.Dimension;
import sightline.kernels.onnx.wire.GraphProto;
import sightline.kernels.onnx.wire.KeyValue;
import sightline.kernels.onnx.wire.ModelProto;
import sightline.kernels.onnx.wire.NodeProto;
import sightline.kernels.onnx.wire.OperatorSetId;
import sightline.kernels.onnx.wire.TensorProto;
import sightline.kernels.onnx.wire.TensorShape;
import sightline.kernels.onnx.wire.TensorTypeProto;
import sightline.kernels.onnx.wire.TypeProto;
import sightline.kernels.onnx.wire.ValueInfo;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;

/** Collects a model: named values, nodes, literals, and parameters whose bytes are not in it. */
final class ModelWriter {
    private final GraphProto.Builder graph = GraphProto.newBuilder();
    private final Map<Value, String> names = new HashMap<>();
    private final Map<String, String> literals = new HashMap<>();
    private final Map<String, TensorType> externals = new LinkedHashMap<>();
    private final int opset;
    private int next;

    ModelWriter(String name, int opset) {
        this.opset = opset;
        graph.setName(name);
    }

    int opset() {
        return opset;
    }

    String name(Value value) {
        return names.computeIfAbsent(value, v -> fresh());
    }

    void name(Value value, String name) {
        names.put(value, name);
    }

    String fresh() {
        return "~" + next++;
    }

    /** A node with the given output names; empty input names stand for operands left out. */
    void node(String type, List<String> inputs, List<String> outputs, Attribute... attributes) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType(type)
                .setName(type + "_" + graph.getNodeCount())
                .addAllInput(inputs)
                .addAllOutput(outputs)
                .addAllAttribute(List.of(attributes)));
    }

    /** A node with one output that is needed by later nodes only. */
    String inner(String type, List<String> inputs, Attribute... attributes) {
        String output = fresh();
        node(type, inputs, List.of(output), attributes);
        return output;
    }

    void input(String name, TensorType type) {
        graph.addInput(info(name, type));
    }

    void output(String name, TensorType type) {
        graph.addOutput(info(name, type));
    }

    /** A parameter; its bytes are given to the runtime apart. */
    void external(String name, TensorType type) {
        externals.put(name, type);
    }

    Map<String, TensorType> externals() {
        return externals;
    }

    /** Integers as an initialiser, stored once for equal contents. */
    String integers(long... values) {
        return literal(Tensor.of(values, values.length));
    }

    /** A number as a scalar initialiser. */
    String scalar(double value, DType dtype) {
        Tensor tensor = Tensor.allocate(dtype);
        tensor.set(0, value);
        return literal(tensor);
    }

    String literal(Tensor tensor) {
        byte[] bytes = tensor.data().toArray(ValueLayout.JAVA_BYTE);
        boolean small = bytes.length <= 256;
        String key = small ? tensor + " " + Arrays.toString(bytes) : "";
        if (small && literals.containsKey(key)) {
            return literals.get(key);
        }
        String name = "#" + next++;
        graph.addInitializer(
                header(name, tensor.dtype(), tensor.shape()).setRawData(UnsafeByteOperations.unsafeWrap(bytes)));
        if (small) {
            literals.put(key, name);
        }
        return name;
    }

    private static TensorProto.Builder header(String name, DType dtype, long[] shape) {
        TensorProto.Builder proto = TensorProto.newBuilder().setName(name).setDataType(Types.code(dtype));
        for (long d : shape) {
            proto.addDims(d);
        }
        return proto;
    }

    private static ValueInfo info(String name, TensorType type) {
        TensorShape.Builder shape = TensorShape.newBuilder();
        for (long d : type.shape().toArray()) {
            shape.addDim(Dimension.newBuilder().setDimValue(d));
        }
        TensorTypeProto tensor = TensorTypeProto.newBuilder()
                .setElemType(Types.code(type.dtype()))
                .setShape(shape)
                .build();
        return ValueInfo.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    /** The model with parameters that only name a place. */
    byte[] withoutParameters() {
        GraphProto.Builder copy = graph.clone();
        externals.forEach((name, type) -> copy.addInitializer(outside(name, type, "parameters", 0)));
        return model(copy).toByteArray();
    }

    /** The model with parameters in a file beside it, at the given offsets. */
    byte[] withParametersIn(String file, Map<String, Long> offsets) {
        GraphProto.Builder copy = graph.clone();
        externals.forEach((name, type) -> copy.addInitializer(outside(name, type, file, offsets.get(name))));
        return model(copy).toByteArray();
    }

    /** The model with parameters in it. */
    byte[] withParameters(Map<String, Tensor> tensors) {
        GraphProto.Builder copy = graph.clone();
        externals.forEach((name, type) ->
                copy.addInitializer(header(name, type.dtype(), type.shape().toArray())
                        .setRawData(bytes(tensors.get(name).data()))));
        return model(copy).toByteArray();
    }

    private static ByteString bytes(MemorySegment segment) {
        return UnsafeByteOperations.unsafeWrap(segment.asByteBuffer());
    }

    private static TensorProto.Builder outside(String name, TensorType type, String file, long offset) {
        return header(name, type.dtype(), type.shape().toArray())
                .setDataLocation(1)
                .addExternalData(pair("location", file))
                .addExternalData(pair("offset", Long.toString(offset)))
                .addExternalData(pair(
                        "length",
                        Long.toString(type.shape().elements() * type.dtype().bytes())));
    }

    private static KeyValue pair(String key, String value) {
        return KeyValue.newBuilder().setKey(key).setValue(value).build();
    }

    private ModelProto model(GraphProto.Builder contents) {
        return ModelProto.newBuilder()
                .setIrVersion(opset > 20 ? 10 : 9)
                .setProducerName("sightline")
                .setGraph(contents)
                .addOpsetImport(OperatorSetId.newBuilder().setDomain("").setVersion(opset))
                .build();
    }
}
