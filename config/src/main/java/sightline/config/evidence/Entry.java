package sightline.config.evidence;

/**
 * What the index knows of a content.
 *
 * @param ref its name
 * @param label what it is
 * @param storedNanos wall clock when it was stored
 * @param contentBytes size of the content
 * @param labelBytes size of the label file
 */
record Entry(DataRef ref, EvidenceLabel label, long storedNanos, long contentBytes, long labelBytes) {

    long bytes() {
        return contentBytes + labelBytes;
    }
}
