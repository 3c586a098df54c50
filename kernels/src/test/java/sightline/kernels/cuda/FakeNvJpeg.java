package sightline.kernels.cuda;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import sightline.kernels.cuda.driver.NvJpeg;

/** While the tests of a class run, devices find an nvJPEG of the test's own, built from {@code fake_nvjpeg.cpp}. */
final class FakeNvJpeg implements BeforeAllCallback, AfterAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        Path library = EmulatedDriver.NativeBuild.compile(
                "libnvjpeg.so", List.of(), List.of(Path.of("src/test/cuda/fake_nvjpeg.cpp")));
        System.setProperty(NvJpeg.PROPERTY, library.toString());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        System.clearProperty(NvJpeg.PROPERTY);
    }
}
