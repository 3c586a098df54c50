package sightline.kernels.cuda;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** An {@link EmulatedDriver}'s device for the tests of a class: {@code @RegisterExtension static EmulatedDevice device}. */
final class EmulatedDevice implements BeforeAllCallback, AfterAllCallback {
    private CudaDevice device;

    @Override
    public void beforeAll(ExtensionContext context) {
        device = EmulatedDriver.device();
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
