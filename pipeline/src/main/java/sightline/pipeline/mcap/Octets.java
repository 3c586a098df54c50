package sightline.pipeline.mcap;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Bytes that grow, written little-endian as the format wants it. Not thread-safe. */
final class Octets {
    private ByteBuffer buffer;

    Octets(int capacity) {
        buffer = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            int size = Math.max(Math.addExact(buffer.position(), bytes), buffer.capacity() * 2);
            buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN).put(buffer.flip());
        }
        return buffer;
    }

    Octets u8(int value) {
        room(1).put((byte) value);
        return this;
    }

    Octets u16(int value) {
        room(2).putShort((short) value);
        return this;
    }

    Octets u32(long value) {
        room(4).putInt((int) value);
        return this;
    }

    Octets u64(long value) {
        room(8).putLong(value);
        return this;
    }

    Octets bytes(byte[] value, int offset, int length) {
        room(length).put(value, offset, length);
        return this;
    }

    Octets text(String value) {
        byte[] utf8 = value.getBytes(UTF_8);
        return u32(utf8.length).bytes(utf8, 0, utf8.length);
    }

    Octets map(Map<String, String> map) {
        return sized(out -> new TreeMap<>(map).forEach((k, v) -> out.text(k).text(v)));
    }

    /** What is written with its length in 32 bits before it. */
    Octets sized(Consumer<Octets> content) {
        int at = length();
        u32(0);
        content.accept(this);
        buffer.putInt(at, length() - at - 4);
        return this;
    }

    /** A record: operation code, length in 64 bits, content. */
    Octets record(byte op, Consumer<Octets> content) {
        u8(op);
        int at = length();
        u64(0);
        content.accept(this);
        buffer.putLong(at, length() - at - 8);
        return this;
    }

    int length() {
        return buffer.position();
    }

    /** The bytes themselves, of which {@link #length} count; good until the next write. */
    byte[] array() {
        return buffer.array();
    }

    void clear() {
        buffer.clear();
    }
}
