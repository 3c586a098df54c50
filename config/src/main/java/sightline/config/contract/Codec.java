package sightline.config.contract;

/**
 * Turns a domain record into the bytes of its topic and back.
 *
 * <p>Decoding believes nothing: it checks that what must be there is there, that every number is finite and that
 * variances are not negative. Threading: stateless, safe for any number of threads. Arrays are neither kept nor shared.
 *
 * @param <T> the domain record
 */
public interface Codec<T> {

    /** Full name of the protobuf message, as in {@code sightline.v1.Scan}. Stands in {@code ce_type}. */
    String type();

    byte[] encode(T value);

    /**
     * Reads a record's value.
     *
     * @param value of the record; null (a tombstone) is malformed, since deleting is no message
     * @throws MalformedRecordException with one sentence that says what is wrong; such a record belongs with the dead
     *     letters
     */
    T decode(byte[] value);
}
