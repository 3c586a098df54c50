package sightline.kernels.cuda;

import org.junit.jupiter.api.extension.RegisterExtension;

class WideCutTest extends WideCutCases {
    @RegisterExtension
    static final TestDevice DEVICE = TestDevice.emulated();

    @Override
    CudaDevice device() {
        return DEVICE.get();
    }
}
