package sightline.kernels.cuda;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** On a real device. */
@Tag("gpu")
class GpuConvolutionStepTest extends ConvolutionStepCases {
    @RegisterExtension
    static final TestDevice DEVICE = TestDevice.real();

    @Override
    CudaEngine engine(Storage storage) {
        return DEVICE.engine(storage);
    }
}
