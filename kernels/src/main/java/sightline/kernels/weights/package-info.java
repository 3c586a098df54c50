/**
 * Parameters by name. {@link sightline.kernels.weights.Weights} is what engines see; safetensors files are mapped and
 * read in place, framework checkpoints ({@code .pt}) are read by an interpreter that executes nothing.
 */
package sightline.kernels.weights;
