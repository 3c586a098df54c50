/**
 * Metrics: {@link sightline.pipeline.metrics.MetricNames} is the one table of names, {@link
 * sightline.pipeline.metrics.PipelineMetrics} keeps and exposes them. Labels are bounded: sensors, stages, topics and
 * memory owners of the configuration, never tracks or frames.
 */
package sightline.pipeline.metrics;
