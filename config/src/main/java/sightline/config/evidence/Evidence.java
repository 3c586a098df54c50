package sightline.config.evidence;

/**
 * A content that was found, and whose digest was checked.
 *
 * @param ref its name
 * @param label what it is
 * @param content the bytes, owned by the receiver
 */
public record Evidence(DataRef ref, EvidenceLabel label, byte[] content) {}
