/**
 * Networks as data: {@code tensor} (off-heap arrays), {@code graph} (one definition of a network), {@code weights} (its
 * parameters), {@code engine} (the contract), and the engines themselves: {@code reference} and {@code onnx}.
 */
package sightline.kernels;
