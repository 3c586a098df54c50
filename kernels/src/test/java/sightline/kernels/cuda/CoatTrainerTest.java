package sightline.kernels.cuda;

import org.junit.jupiter.api.extension.RegisterExtension;

/** On a CPU that plays a device. */
class CoatTrainerTest extends CoatTrainerCases {
    @RegisterExtension
    static final TestDevice DEVICE = TestDevice.emulated();

    @Override
    CudaDevice device() {
        return DEVICE.get();
    }
}
