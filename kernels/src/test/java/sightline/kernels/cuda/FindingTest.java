package sightline.kernels.cuda;

import org.junit.jupiter.api.extension.RegisterExtension;

/** What a device finds in maps is what the reference engine finds there, on a CPU that plays the device. */
class FindingTest extends FindingCases {
    @RegisterExtension
    static final TestDevice DEVICE = TestDevice.emulated();

    @Override
    CudaEngine engine(Storage storage) {
        return DEVICE.engine(storage);
    }
}
