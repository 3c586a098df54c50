package sightline.kernels.weights;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sightline.kernels.weights.PickleValue.Entries;
import sightline.kernels.weights.PickleValue.Items;

/**
 * Reads the few pickle opcodes that tensor checkpoints consist of. Opcodes and globals are on an allow-list and anything
 * else is refused by name; no opcode here can run code, open a file or allocate more than the input's own length.
 */
final class Unpickler {
    private static final int MEMO_LIMIT = 1 << 22;

    private final ByteBuffer in;
    private final String file;
    private final TensorGlobals globals;
    private final List<PickleValue> stack = new ArrayList<>();
    private final Map<Integer, PickleValue> memo = new HashMap<>();

    Unpickler(ByteBuffer in, String file) {
        this.in = in.order(ByteOrder.LITTLE_ENDIAN);
        this.file = file;
        this.globals = new TensorGlobals(file);
    }

    /** The next complete pickle; the buffer is left behind its end. */
    PickleValue read() {
        stack.clear();
        memo.clear();
        try {
            while (true) {
                int opcode = in.get() & 0xff;
                if (opcode == '.') {
                    return pop();
                }
                step(opcode);
            }
        } catch (BufferUnderflowException truncated) {
            throw new CheckpointException(file + " ends inside its pickle", truncated);
        }
    }

    private void step(int opcode) {
        switch (opcode) {
            case 0x80 -> protocol(in.get() & 0xff);
            case 0x95 -> in.getLong();
            case '(' -> push(new PickleValue.Mark());
            case '}' -> push(new Entries());
            case ']' -> push(new Items());
            case ')' -> push(new PickleValue.Tuple(List.of()));
            case 't' -> push(new PickleValue.Tuple(toMark()));
            case 0x85 -> tuple(1);
            case 0x86 -> tuple(2);
            case 0x87 -> tuple(3);
            case 'N' -> push(new PickleValue.None());
            case 0x88 -> push(new PickleValue.Truth(true));
            case 0x89 -> push(new PickleValue.Truth(false));
            case 'K' -> push(new PickleValue.Whole(in.get() & 0xff));
            case 'M' -> push(new PickleValue.Whole(in.getShort() & 0xffff));
            case 'J' -> push(new PickleValue.Whole(in.getInt()));
            case 0x8a -> push(new PickleValue.Whole(longOf(bytes(in.get() & 0xff))));
            case 'G' -> push(new PickleValue.Real(Double.longBitsToDouble(Long.reverseBytes(in.getLong()))));
            case 'X' -> push(text(in.getInt()));
            case 0x8c -> push(text(in.get() & 0xff));
            case 'U' -> push(text(in.get() & 0xff));
            case 'T' -> push(text(in.getInt()));
            case 'C' -> push(new PickleValue.Bytes(bytes(in.get() & 0xff)));
            case 'B' -> push(new PickleValue.Bytes(bytes(in.getInt())));
            case 'q' -> remember(in.get() & 0xff);
            case 'r' -> remember(in.getInt());
            case 0x94 -> remember(memo.size());
            case 'h' -> push(recall(in.get() & 0xff));
            case 'j' -> push(recall(in.getInt()));
            case 'c' -> push(globals.find(line(), line()));
            case 0x93 -> {
                String name = textOf(pop());
                push(globals.find(textOf(pop()), name));
            }
            case 'R' -> {
                PickleValue arguments = pop();
                push(globals.apply(pop(), arguments));
            }
            case 'Q' -> push(globals.storage(pop()));
            case 'b' -> {
                // The only state a state dict carries is version metadata, which means nothing here.
                pop();
                if (!(peek() instanceof Entries)) {
                    throw refused("state for something else than a dictionary");
                }
            }
            case 's' -> {
                PickleValue value = pop();
                PickleValue key = pop();
                put(key, value);
            }
            case 'u' -> {
                List<PickleValue> items = toMark();
                if (items.size() % 2 != 0) {
                    throw refused("a dictionary with a key but no value");
                }
                for (int i = 0; i < items.size(); i += 2) {
                    put(items.get(i), items.get(i + 1));
                }
            }
            case 'a' -> {
                PickleValue item = pop();
                items().items.add(item);
            }
            case 'e' -> {
                List<PickleValue> more = toMark();
                items().items.addAll(more);
            }
            default -> throw refused("opcode 0x%02x".formatted(opcode));
        }
    }

    private void protocol(int version) {
        if (version < 2 || version > 5) {
            throw refused("pickle protocol " + version);
        }
    }

    private void tuple(int count) {
        List<PickleValue> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.addFirst(pop());
        }
        push(new PickleValue.Tuple(List.copyOf(items)));
    }

    private List<PickleValue> toMark() {
        List<PickleValue> items = new ArrayList<>();
        PickleValue next = pop();
        while (!(next instanceof PickleValue.Mark)) {
            items.add(next);
            next = pop();
        }
        return List.copyOf(items.reversed());
    }

    private byte[] bytes(int length) {
        if (length < 0 || length > in.remaining()) {
            throw new CheckpointException(file + " announces " + Integer.toUnsignedString(length) + " bytes where "
                    + in.remaining() + " are left");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static long longOf(byte[] bytes) {
        if (bytes.length > 8) {
            // Only the legacy format's magic number is longer; its first eight bytes tell it from anything else.
            return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        }
        long value = 0;
        for (int i = bytes.length - 1; i >= 0; i--) {
            value = i == bytes.length - 1 ? bytes[i] : value << 8 | (bytes[i] & 0xff);
        }
        return value;
    }

    private PickleValue text(int length) {
        return new PickleValue.Text(new String(bytes(length), StandardCharsets.UTF_8));
    }

    private String line() {
        StringBuilder line = new StringBuilder();
        for (char c = (char) (in.get() & 0xff); c != '\n'; c = (char) (in.get() & 0xff)) {
            line.append(c);
            if (line.length() > 1000) {
                throw refused("a name of more than 1000 characters");
            }
        }
        return line.toString();
    }

    private void remember(int index) {
        if (index < 0 || memo.size() >= MEMO_LIMIT) {
            throw refused("memo entry " + Integer.toUnsignedString(index));
        }
        memo.put(index, peek());
    }

    private PickleValue recall(int index) {
        PickleValue value = memo.get(index);
        if (value == null) {
            throw refused("memo entry " + Integer.toUnsignedString(index) + ", which was never stored");
        }
        return value;
    }

    private void push(PickleValue value) {
        stack.add(value);
    }

    private PickleValue peek() {
        if (stack.isEmpty()) {
            throw refused("an operation on an empty stack");
        }
        return stack.getLast();
    }

    private PickleValue pop() {
        PickleValue value = peek();
        stack.removeLast();
        return value;
    }

    /** Only plain keys: hashing a deeply nested one would overflow the stack. */
    private void put(PickleValue key, PickleValue value) {
        if (!(key instanceof PickleValue.Text) && !(key instanceof PickleValue.Whole)) {
            throw refused("a dictionary key that is neither text nor a number");
        }
        entries().entries.put(key, value);
    }

    private Entries entries() {
        if (peek() instanceof Entries entries) {
            return entries;
        }
        throw refused("an item for something else than a dictionary");
    }

    private Items items() {
        if (peek() instanceof Items items) {
            return items;
        }
        throw refused("an item for something else than a list");
    }

    private String textOf(PickleValue value) {
        if (value instanceof PickleValue.Text text) {
            return text.value();
        }
        throw refused("a name that is no text");
    }

    private CheckpointException refused(String what) {
        return new CheckpointException(file + " is refused: its pickle holds " + what);
    }
}
