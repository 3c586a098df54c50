/** Rewritings of graphs on their way to an engine: decomposition, folding, and the split between engine and host. */
package sightline.kernels.lowering;
