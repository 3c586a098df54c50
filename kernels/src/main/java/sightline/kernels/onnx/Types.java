package sightline.kernels.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import sightline.kernels.engine.EngineException;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;

/** Element types as the format numbers them, and tensors as the runtime sees them. */
final class Types {
    private Types() {}

    static int code(DType dtype) {
        return switch (dtype) {
            case F32 -> 1;
            case U8 -> 2;
            case I8 -> 3;
            case I32 -> 6;
            case I64 -> 7;
            case BOOL -> 9;
            case F16 -> 10;
            case F64 -> 11;
            case BF16 -> 16;
            case F8E4M3 -> 17;
            case F8E5M2 -> 19;
        };
    }

    /** The runtime's view of a tensor's memory; no bytes are copied. The tensor must outlive the view. */
    static OnnxTensor view(OrtEnvironment environment, Tensor tensor) throws OrtException {
        if (!tensor.data().isNative()) {
            throw new EngineException(tensor + " is on the heap; this engine needs off-heap memory");
        }
        ByteBuffer bytes = tensor.data().asByteBuffer().order(ByteOrder.nativeOrder());
        long[] shape = tensor.shape();
        return switch (tensor.dtype()) {
            case F32 -> OnnxTensor.createTensor(environment, bytes.asFloatBuffer(), shape);
            case F64 -> OnnxTensor.createTensor(environment, bytes.asDoubleBuffer(), shape);
            case I64 -> OnnxTensor.createTensor(environment, bytes.asLongBuffer(), shape);
            case I32 -> OnnxTensor.createTensor(environment, bytes.asIntBuffer(), shape);
            case I8 -> OnnxTensor.createTensor(environment, bytes, shape, OnnxJavaType.INT8);
            case U8 -> OnnxTensor.createTensor(environment, bytes, shape, OnnxJavaType.UINT8);
            case BOOL -> OnnxTensor.createTensor(environment, bytes, shape, OnnxJavaType.BOOL);
            case F16 -> OnnxTensor.createTensor(environment, bytes.asShortBuffer(), shape, OnnxJavaType.FLOAT16);
            case BF16 -> OnnxTensor.createTensor(environment, bytes.asShortBuffer(), shape, OnnxJavaType.BFLOAT16);
            case F8E4M3, F8E5M2 ->
                throw new EngineException(tensor + " cannot cross the border of the ONNX engine: cast it first");
        };
    }
}
