package sightline.kernels.cuda;

import org.junit.jupiter.api.extension.RegisterExtension;

/** On a CPU that plays a device. */
class ConvolutionStepTest extends ConvolutionStepCases {
    @RegisterExtension
    static final TestDevice DEVICE = TestDevice.emulated();

    @Override
    CudaEngine engine(Storage storage) {
        return DEVICE.engine(storage);
    }
}
