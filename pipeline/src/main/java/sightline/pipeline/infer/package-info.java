/** Networks on pictures and videos without a pipeline: the catalogue of models, and what {@code sightline infer} does. */
package sightline.pipeline.infer;
