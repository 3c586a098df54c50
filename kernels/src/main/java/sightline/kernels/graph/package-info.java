/**
 * A network as data. {@link sightline.kernels.graph.GraphBuilder} writes it, {@link sightline.kernels.graph.Graph} is
 * the result: nodes in topological order, each a sealed {@link sightline.kernels.graph.Op} on typed values. Image
 * tensors are NCHW, arithmetic has float32 semantics, and dimensions may be symbolic until
 * {@link sightline.kernels.graph.Graph#bind} fixes them.
 */
package sightline.kernels.graph;
