package sightline.kernels.cuda;

/**
 * What one kernel took against what it must at least take.
 *
 * @param layer the graph's layer
 * @param kernel the kernel's name
 * @param milliseconds device time, launch gap included
 * @param flops floating-point operations of the mathematics
 * @param bytes least traffic: inputs read once, outputs written once
 */
public record LaunchTime(String layer, String kernel, float milliseconds, double flops, double bytes) {
    /**
     * Share of the roofline: the least possible time over the measured one.
     *
     * @param flopsPerSecond measured ceiling of the unit that computes
     * @param bytesPerSecond measured ceiling of the memory
     */
    public double share(double flopsPerSecond, double bytesPerSecond) {
        return 1e3 * Math.max(flops / flopsPerSecond, bytes / bytesPerSecond) / milliseconds;
    }
}
