package sightline.kernels.cuda;

/**
 * What one kernel takes against what it must at least take.
 *
 * @param layer the graph's layer
 * @param kernel the kernel's name
 * @param milliseconds device time, launch gap included; NaN where none was measured
 * @param flops floating-point operations of the mathematics
 * @param bytes least traffic: inputs read once, outputs written once
 */
record LaunchTime(String layer, String kernel, double milliseconds, double flops, double bytes) {}
