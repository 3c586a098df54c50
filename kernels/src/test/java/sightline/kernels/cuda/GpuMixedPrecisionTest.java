package sightline.kernels.cuda;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** On a real device. */
@Tag("gpu")
class GpuMixedPrecisionTest extends MixedPrecisionCases {
    @RegisterExtension
    static final TestDevice DEVICE = TestDevice.real();

    @Override
    CudaEngine engine() {
        return DEVICE.engine(Storage.MIXED);
    }
}
