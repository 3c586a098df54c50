/**
 * The engine on ONNX Runtime, and graphs as ONNX files. A graph is folded, decomposed, cut where the runtime lacks an
 * operation, and written operation by operation as a model in memory whose weights stay where they are.
 */
package sightline.kernels.onnx;
