package sightline.kernels.cuda;

import jcuda.driver.CUdeviceptr;
import jcuda.driver.JCudaDriver;

/**
 * Copies from the memory of one device to that of another: from card to card where the driver can, else through pinned memory
 * of the host. Called from a thread that is neither device's; done when it returns.
 */
final class PeerCopy {
    private static final long STAGE = 16 << 20;
    private static final int ENABLED_ALREADY = 704;

    private PeerCopy() {}

    static void between(DeviceMemory from, long fromAt, DeviceMemory to, long toAt, long bytes) {
        from.device().run(() -> from.device().synchronize("waiting for what is to be copied"));
        if (!to.device().call(() -> directly(from, fromAt, to, toAt, bytes))) {
            staged(from, fromAt, to, toAt, bytes);
        }
    }

    private static boolean directly(DeviceMemory from, long fromAt, DeviceMemory to, long toAt, long bytes) {
        CudaDevice source = from.device();
        CudaDevice target = to.device();
        int[] can = new int[1];
        Calls.check(
                JCudaDriver.cuDeviceCanAccessPeer(can, target.device(), source.device()),
                "asking whether devices reach each other");
        if (can[0] != 0) {
            int code = JCudaDriver.cuCtxEnablePeerAccess(source.context(), 0);
            if (code != ENABLED_ALREADY) {
                Calls.check(code, "letting one device reach the other");
            }
        }
        CUdeviceptr at = to.pointer(toAt);
        int code = JCudaDriver.cuMemcpyPeerAsync(
                at, target.context(), from.pointer(fromAt), source.context(), bytes, target.stream());
        if (code == 0) {
            target.synchronize("copying between devices");
        }
        return code == 0;
    }

    private static void staged(DeviceMemory from, long fromAt, DeviceMemory to, long toAt, long bytes) {
        PinnedMemory stage = to.device().call(() -> new PinnedMemory(Math.min(bytes, STAGE)));
        try {
            for (long done = 0; done < bytes; done += STAGE) {
                long at = done;
                long count = Math.min(STAGE, bytes - done);
                from.device().run(() -> {
                    from.readAsync(fromAt + at, stage, 0, count);
                    from.device().synchronize("copying to the host");
                });
                to.device().run(() -> {
                    to.writeAsync(toAt + at, stage, 0, count);
                    to.device().synchronize("copying from the host");
                });
            }
        } finally {
            to.device().run(stage::close);
        }
    }
}
