package sightline.kernels.cuda;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a device finds in maps is what the reference engine finds there. */
@Tag("gpu")
class GpuFindingTest extends FindingCases {
    @RegisterExtension
    static final TestDevice DEVICE = TestDevice.real();

    @Override
    CudaEngine engine(Storage storage) {
        return DEVICE.engine(storage);
    }
}
