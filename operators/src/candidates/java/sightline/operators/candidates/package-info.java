/**
 * Which of three ways to compute a training step on the CPU is fastest: {@link sightline.operators.candidates.StepCandidates}
 * measures the convolutions of EfficientViT-Det-B0, forward and backward, on ONNX Runtime, on oneDNN and on kernels of ours in
 * the JDK's vector API. Compiled only under the profile {@code candidates}; nothing here is part of the product, and neither
 * oneDNN nor the incubating module is a dependency of it.
 */
package sightline.operators.candidates;
