package sightline.operators.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import sightline.kernels.cuda.CudaDevice;

/**
 * The memory in use on a device, by whoever uses it, and by this process, at one time.
 *
 * @param deviceMiB of the device
 * @param processMiB resident on the host
 */
record Held(double deviceMiB, double processMiB) {
    private static final double MIB = 1 << 20;

    static Held now(CudaDevice device) throws IOException {
        return new Held((device.facts().memory() - device.bytesFree()) / MIB, resident());
    }

    private static double resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
                .findFirst()
                .orElseThrow();
    }

    /** One line about what changed since then. */
    String since(Held before) {
        return String.format(
                Locale.ROOT,
                "         held on the device %.1f MiB before, %.1f after; by the process %.1f, %.1f",
                before.deviceMiB,
                deviceMiB,
                before.processMiB,
                processMiB);
    }
}
