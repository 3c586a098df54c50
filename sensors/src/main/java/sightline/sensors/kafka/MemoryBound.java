package sightline.sensors.kafka;

/**
 * The most heap that one subscription of a source holds, computed from its settings.
 *
 * @param records payloads that are read and not disposed of: count times the largest record
 * @param fetches answers of one broker that the client holds unparsed: one ready, one under way
 * @param socket the client's receive buffer
 */
public record MemoryBound(long records, long fetches, long socket) {

    static MemoryBound of(SourceOptions options) {
        ConsumerProfile profile = options.profile();
        return new MemoryBound(
                (long) options.maxInFlight() * profile.maxRecordBytes(),
                2L * Math.max(profile.maxFetchBytes(), 2L * profile.maxRecordBytes()),
                1L << 20);
    }

    /** All of it, in bytes, with one broker. */
    public long total() {
        return records + fetches + socket;
    }

    @Override
    public String toString() {
        return "at most %d MiB (records in flight %d, fetches %d per broker, socket %d)"
                .formatted(mib(total()), mib(records), mib(fetches), mib(socket));
    }

    private static long mib(long bytes) {
        return (bytes + (1 << 20) - 1) >> 20;
    }
}
