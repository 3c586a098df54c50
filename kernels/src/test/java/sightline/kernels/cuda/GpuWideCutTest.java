package sightline.kernels.cuda;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** On a real device. */
@Tag("gpu")
class GpuWideCutTest extends WideCutCases {
    @RegisterExtension
    static final TestDevice DEVICE = TestDevice.real();

    @Override
    CudaDevice device() {
        return DEVICE.get();
    }
}
