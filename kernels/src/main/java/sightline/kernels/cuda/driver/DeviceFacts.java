package sightline.kernels.cuda.driver;

import java.nio.charset.StandardCharsets;
import java.util.function.IntUnaryOperator;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.JCudaDriver;
import sightline.kernels.cuda.program.CopyEngine;

/**
 * What the planner needs to know of a device.
 *
 * @param name the vendor's name
 * @param memory bytes in all
 * @param capability compute capability, 10 major + minor: 80, 90 …
 * @param multiprocessors how many blocks can run at least at once
 * @param sharedMemory bytes that one block may opt in to
 * @param cache bytes of level-2 cache
 */
public record DeviceFacts(String name, long memory, int capability, int multiprocessors, int sharedMemory, int cache) {
    private static final int HOPPER = 90;

    /** What tells the copy engine of tensors, which compute capability 9.0 brings; null where there is none. */
    public CopyEngine copyEngine() {
        return capability >= HOPPER ? TensorMap::boxes : null;
    }

    static DeviceFacts read(CUdevice device, IntUnaryOperator attribute) {
        byte[] name = new byte[256];
        Calls.check(JCudaDriver.cuDeviceGetName(name, name.length, device), "reading the device's name");
        int end = 0;
        while (end < name.length && name[end] != 0) {
            end++;
        }
        long[] memory = new long[1];
        Calls.check(JCudaDriver.cuDeviceTotalMem(memory, device), "reading the device's memory");
        return new DeviceFacts(
                new String(name, 0, end, StandardCharsets.UTF_8),
                memory[0],
                10 * attribute.applyAsInt(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
                        + attribute.applyAsInt(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
                attribute.applyAsInt(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT),
                attribute.applyAsInt(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN),
                attribute.applyAsInt(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE));
    }
}
