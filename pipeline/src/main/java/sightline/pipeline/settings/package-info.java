/** Every setting of the product in one registry: the one place that knows all stages' keys. */
package sightline.pipeline.settings;
