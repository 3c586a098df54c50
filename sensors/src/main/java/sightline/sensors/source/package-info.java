/**
 * Where observations come from.
 *
 * <p>A {@link sightline.sensors.source.Source} is one attempt at a sensor: a cold {@code Flux} that opens on
 * subscription. A {@link sightline.sensors.source.SupervisedSource} keeps trying, and says in which state it is; a
 * {@link sightline.sensors.source.Fleet} runs many of them without one disturbing another.
 * {@link sightline.sensors.source.Pacing} lets recordings run in their own time, {@link sightline.sensors.source.Fault}s
 * spoil them on purpose.
 *
 * <p>Real sources: {@link sightline.sensors.source.VideoSource} (files and network cameras),
 * {@link sightline.sensors.source.ImageFolderSource}, {@link sightline.sensors.source.SceneSources} (the simulator); the
 * published recordings are read by {@code sightline.sensors.dataset}.
 *
 * <p>Encoded frames and scans live in garbage-collected memory. Dropping one anywhere releases it; no discard hook is
 * needed here.
 */
package sightline.sensors.source;
