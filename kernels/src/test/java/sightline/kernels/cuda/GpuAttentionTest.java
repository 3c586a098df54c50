package sightline.kernels.cuda;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** On a real device. */
@Tag("gpu")
class GpuAttentionTest extends AttentionCases {
    @RegisterExtension
    static final TestDevice DEVICE = TestDevice.real();

    @Override
    CudaEngine engine() {
        return DEVICE.engine(Storage.MIXED);
    }
}
