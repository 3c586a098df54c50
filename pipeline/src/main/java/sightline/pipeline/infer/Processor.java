package sightline.pipeline.infer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sightline.kernels.cuda.SteadyEngine;
import sightline.kernels.engine.Engine;
import sightline.kernels.onnx.OnnxEngine;

/** What this process runs networks on: the first GPU if there is one, else the CPU; the log says which, and why. */
public final class Processor {
    private static final Logger LOG = LoggerFactory.getLogger(Processor.class);

    /** Made when the first network is, and kept: a GPU is opened once a process. */
    private static final class Opened {
        static final Engine ENGINE = SteadyEngine.open(new OnnxEngine(), LOG::info);
    }

    private Processor() {}

    public static Engine engine() {
        return Opened.ENGINE;
    }
}
