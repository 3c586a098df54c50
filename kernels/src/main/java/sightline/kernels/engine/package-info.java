/**
 * The contract between a graph and whatever runs it: an {@link sightline.kernels.engine.Engine} compiles a graph and its
 * weights into a {@link sightline.kernels.engine.Session}.
 */
package sightline.kernels.engine;
