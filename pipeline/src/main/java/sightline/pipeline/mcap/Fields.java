package sightline.pipeline.mcap;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;

/** Fields of a record, read one after the other. Lengths are checked against what is there before anything is made. */
final class Fields {
    private final ByteBuffer in;

    Fields(ByteBuffer in) {
        this.in = in.order(ByteOrder.LITTLE_ENDIAN);
    }

    int u8() {
        return in.get() & 0xFF;
    }

    int u16() {
        return in.getShort() & 0xFFFF;
    }

    long u32() {
        return in.getInt() & 0xFFFFFFFFL;
    }

    long u64() {
        return in.getLong();
    }

    byte[] bytes(long length) {
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[(int) length];
        in.get(bytes);
        return bytes;
    }

    String text() {
        return new String(bytes(u32()), UTF_8);
    }

    Map<String, String> map() {
        Fields fields = new Fields(ByteBuffer.wrap(bytes(u32())));
        Map<String, String> map = new TreeMap<>();
        while (fields.remaining() > 0) {
            map.put(fields.text(), fields.text());
        }
        return map;
    }

    int remaining() {
        return in.remaining();
    }

    McapSchema schema() {
        return new McapSchema(u16(), text(), text(), bytes(u32()));
    }

    McapChannel channel() {
        return new McapChannel(u16(), u16(), text(), text(), map());
    }
}
