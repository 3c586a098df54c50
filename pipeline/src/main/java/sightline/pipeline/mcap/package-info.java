/**
 * MCAP files, version 0: a container of time-stamped messages with their schemas, as described at mcap.dev and opened by
 * Foxglove. {@link sightline.pipeline.mcap.McapWriter} writes chunked, indexed files; {@link
 * sightline.pipeline.mcap.McapReader} reads them in time order, and what was written of one whose writer died.
 */
package sightline.pipeline.mcap;
