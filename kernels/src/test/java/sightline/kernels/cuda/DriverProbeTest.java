package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sightline.kernels.cuda.driver.CudaFailure;
import sightline.kernels.cuda.driver.DriverProbe;
import sightline.kernels.cuda.driver.DriverStatus;
import sightline.kernels.cuda.driver.DriverStatus.State;
import sightline.kernels.cuda.driver.KernelLibrary;

/** Each way in which a driver can be missing ends in its own sentence, told by a library that pretends. */
class DriverProbeTest {
    @TempDir
    Path folder;

    private DriverStatus pretend(int init, int version, int devices) throws IOException {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/g++")), "no g++ to build a pretended driver with");
        Path source = folder.resolve("pretended.cpp");
        Files.writeString(source, """
                extern "C" int cuInit(unsigned) { return %d; }
                extern "C" int cuDriverGetVersion(int* v) { *v = %d; return 0; }
                extern "C" int cuDeviceGetCount(int* n) { *n = %d; return 0; }
                """.formatted(init, version, devices));
        Path library = EmulatedDriver.NativeBuild.compile("libpretended.so", List.of(), List.of(source));
        return DriverProbe.probe(library.toString());
    }

    @Test
    void aMissingLibraryIsNoDriver() {
        DriverStatus status = DriverProbe.probe("libno-such-driver.so.1");
        assertThat(status.state()).isEqualTo(State.NO_DRIVER);
        assertThat(status.sentence()).contains("libno-such-driver.so.1");
    }

    @Test
    void aDriverWithoutDeviceSaysSo() throws IOException {
        assertThat(pretend(100, 13000, 0).state()).isEqualTo(State.NO_DEVICE);
        assertThat(pretend(0, 13000, 0).state()).isEqualTo(State.NO_DEVICE);
    }

    @Test
    void anOldDriverNamesBothVersions() throws IOException {
        DriverStatus status = pretend(0, 11040, 1);
        assertThat(status.state()).isEqualTo(State.DRIVER_TOO_OLD);
        assertThat(status.sentence()).contains("11.4", "12.0");
    }

    @Test
    void aDriverThatDoesNotStartGivesItsErrorNumber() throws IOException {
        DriverStatus status = pretend(803, 13000, 1);
        assertThat(status.state()).isEqualTo(State.DRIVER_FAILED);
        assertThat(status.sentence()).contains("803");
    }

    @Test
    void aLibraryThatIsNoDriverSaysWhatItLacks() throws IOException {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/g++")), "no g++ to build a pretended driver with");
        Path source = folder.resolve("empty.cpp");
        Files.writeString(source, "extern \"C\" int nothing() { return 0; }");
        Path library = EmulatedDriver.NativeBuild.compile("libempty.so", List.of(), List.of(source));
        DriverStatus status = DriverProbe.probe(library.toString());
        assertThat(status.state()).isEqualTo(State.DRIVER_FAILED);
        assertThat(status.sentence()).contains("cuInit");
    }

    @Test
    void anAbsentDriverIsRefusedBeforeJcudaIsTouched() {
        DriverStatus absent = DriverProbe.probe("libno-such-driver.so.1");
        assertThatThrownBy(() -> CudaDevice.open(0, Long.MAX_VALUE, 0, absent, KernelLibrary.Source.resources()))
                .isInstanceOfSatisfying(
                        CudaFailure.class, failure -> assertThat(failure.kind()).isEqualTo(CudaFailure.Kind.ABSENT));
    }

    @Test
    void aBuildWithoutKernelsSaysSo() {
        DriverStatus ready = new DriverStatus(State.READY, "pretended", 13000, 1);
        assertThatThrownBy(() -> CudaDevice.open(0, Long.MAX_VALUE, 0, ready, family -> Optional.empty()))
                .hasMessageContaining("no CUDA kernels");
    }
}
