package sightline.kernels.cuda;

import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A device for the tests of a class: {@code @RegisterExtension static final TestDevice DEVICE = TestDevice.emulated()}. */
final class TestDevice implements BeforeAllCallback, AfterAllCallback {
    private final Supplier<CudaDevice> open;
    private CudaDevice device;

    private TestDevice(Supplier<CudaDevice> open) {
        this.open = open;
    }

    /** An {@link EmulatedDriver}'s. */
    static TestDevice emulated() {
        return new TestDevice(EmulatedDriver::device);
    }

    /** The first GPU. */
    static TestDevice real() {
        return new TestDevice(() -> CudaDevice.open(0));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        device = open.get();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        // None where the class was skipped.
        if (device != null) {
            device.close();
        }
    }

    CudaDevice get() {
        return device;
    }

    /** Graphs on it. */
    CudaEngine engine(Storage storage) {
        return new CudaEngine(device, storage);
    }
}
