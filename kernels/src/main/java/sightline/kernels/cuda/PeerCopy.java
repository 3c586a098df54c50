package sightline.kernels.cuda;

import sightline.kernels.cuda.driver.DeviceMemory;
import sightline.kernels.cuda.driver.PinnedMemory;

/**
 * Copies from the memory of one device to that of another: from card to card where the driver can, else through pinned memory
 * of the host. Called from a thread that is neither device's; done when it returns.
 */
final class PeerCopy {
    private static final long STAGE = 16 << 20;

    private PeerCopy() {}

    static void between(
            CudaDevice source,
            DeviceMemory from,
            long fromAt,
            CudaDevice target,
            DeviceMemory to,
            long toAt,
            long bytes) {
        source.run(() -> source.synchronize("waiting for what is to be copied"));
        if (!target.call(() -> to.readPeer(from, fromAt, toAt, bytes))) {
            staged(source, from, fromAt, target, to, toAt, bytes);
        }
    }

    private static void staged(
            CudaDevice source,
            DeviceMemory from,
            long fromAt,
            CudaDevice target,
            DeviceMemory to,
            long toAt,
            long bytes) {
        PinnedMemory stage = target.call(() -> new PinnedMemory(Math.min(bytes, STAGE)));
        try {
            for (long done = 0; done < bytes; done += STAGE) {
                long at = done;
                long count = Math.min(STAGE, bytes - done);
                source.run(() -> {
                    from.readAsync(fromAt + at, stage, 0, count);
                    source.synchronize("copying to the host");
                });
                target.run(() -> {
                    to.writeAsync(toAt + at, stage, 0, count);
                    target.synchronize("copying from the host");
                });
            }
        } finally {
            target.run(stage::close);
        }
    }
}
