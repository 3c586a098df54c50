/**
 * How long the perception networks take with all that is around them: {@link sightline.operators.timing.ModelBench} against
 * bare ONNX Runtime sessions, {@link sightline.operators.timing.PixelBench} over input sizes. Measurements are commands.
 */
package sightline.operators.timing;
