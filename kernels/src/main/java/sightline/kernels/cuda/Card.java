package sightline.kernels.cuda;

import java.util.Locale;

/**
 * Ceilings against which kernels are judged: dense products of half precision summed in float32, and device memory. Those
 * of the H100 and H200 were measured by this project (a product of two 8192 x 8192 matrices, a copy from device to device);
 * the others are the vendor's data sheets', which no kernel reaches.
 */
public enum Card {
    H100(8.0e14, 3.0e12, true),
    H200(8.0e14, 4.2e12, true),
    A100(3.12e14, 2.039e12, false),
    L40S(3.62e14, 8.64e11, false),
    L4(1.21e14, 3.0e11, false),
    T4(6.5e13, 3.2e11, false);

    private final double flops;
    private final double bandwidth;
    private final boolean measured;

    Card(double flops, double bandwidth, boolean measured) {
        this.flops = flops;
        this.bandwidth = bandwidth;
        this.measured = measured;
    }

    /** The least time that so much work can take, in milliseconds. */
    double leastMilliseconds(double work, double bytes) {
        return 1e3 * Math.max(work / flops, bytes / bandwidth);
    }

    /** Whether so much work is bound by arithmetic rather than by memory. */
    boolean computes(double work, double bytes) {
        return work / flops > bytes / bandwidth;
    }

    /** Name, ceilings and where they are from. */
    public String described() {
        return String.format(
                Locale.ROOT,
                "%s: %.0f TFLOP/s, %.2f TB/s, %s",
                name(),
                flops / 1e12,
                bandwidth / 1e12,
                measured ? "measured" : "data sheet");
    }
}
