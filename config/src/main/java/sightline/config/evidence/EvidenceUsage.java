package sightline.config.evidence;

/**
 * What a store holds, and what has left it since it was opened.
 *
 * @param entries held
 * @param bytes held, labels included
 * @param evicted entries that made room for newer ones
 * @param expired entries that reached their age
 * @param erased entries that were forgotten on request
 * @param corrupt entries that were found damaged
 */
public record EvidenceUsage(long entries, long bytes, long evicted, long expired, long erased, long corrupt) {}
