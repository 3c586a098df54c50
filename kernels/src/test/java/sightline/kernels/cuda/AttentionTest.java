package sightline.kernels.cuda;

import org.junit.jupiter.api.extension.RegisterExtension;

/** On a CPU that plays a device. */
class AttentionTest extends AttentionCases {
    @RegisterExtension
    static final TestDevice DEVICE = TestDevice.emulated();

    @Override
    CudaEngine engine() {
        return DEVICE.engine(Storage.MIXED);
    }
}
