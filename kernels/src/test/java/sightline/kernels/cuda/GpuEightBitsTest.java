package sightline.kernels.cuda;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** On a real device. */
@Tag("gpu")
class GpuEightBitsTest extends EightBitsCases {
    private static CudaDevice device;

    @BeforeAll
    static void open() {
        device = CudaDevice.open(0);
    }

    @AfterAll
    static void close() {
        if (device != null) {
            device.close();
        }
    }

    @Override
    CudaEngine engine() {
        return new CudaEngine(device, Storage.FLOAT32);
    }
}
