package sightline.operators.fusion;

import sightline.config.contract.Codec;

/**
 * A record that a node keeps for some ticks, with its bytes: they enter every snapshot in that time and are made once.
 *
 * @param <T> of the record
 */
final class Kept<T> {
    private final T value;
    private final Codec<T> codec;
    private byte[] bytes;

    Kept(T value, Codec<T> codec) {
        this.value = value;
        this.codec = codec;
    }

    T value() {
        return value;
    }

    /** Not to be changed. */
    byte[] bytes() {
        if (bytes == null) {
            bytes = codec.encode(value);
        }
        return bytes;
    }
}
