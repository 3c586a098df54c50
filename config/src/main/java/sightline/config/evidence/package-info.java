/**
 * Pictures that outlive their stream. Frames live minutes and events weeks, so an event copies its evidence here and
 * refers to it by content: {@code sha256:…}, the {@code dataref}.
 *
 * <p>{@link sightline.config.evidence.EvidenceStore} is the port; {@link sightline.config.evidence.FileEvidenceStore}
 * keeps one directory, bounded in bytes and age, and forgets by event or track.
 */
package sightline.config.evidence;
