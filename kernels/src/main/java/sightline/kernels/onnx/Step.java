package sightline.kernels.onnx;

import ai.onnxruntime.OrtException;
import sightline.kernels.lowering.Segments.Segment;

/** One segment, ready to run on the tensors of a {@link Bindings}. */
interface Step extends AutoCloseable {
    Segment segment();

    void run(Bindings bindings) throws OrtException;

    @Override
    void close() throws OrtException;
}
