package sightline.kernels.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes checkpoints as the framework does, opcode by opcode, for tests. */
final class Pickles {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Pickles() {
        op(0x80).op(2);
    }

    Pickles op(int opcode) {
        out.write(opcode);
        return this;
    }

    Pickles text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        op('X').word(bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    Pickles whole(int value) {
        return op('J').word(value);
    }

    Pickles global(String module, String name) {
        op('c');
        out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    Pickles bytes(int... bytes) {
        for (int b : bytes) {
            out.write(b);
        }
        return this;
    }

    private Pickles word(int value) {
        out.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, value)
                .array());
        return this;
    }

    /** {@code _rebuild_tensor_v2(storage, offset, shape, strides, False, OrderedDict())}. */
    Pickles tensor(String key, int size, int offset, int[] shape, int[] strides) {
        global("torch._utils", "_rebuild_tensor_v2").op('(');
        op('(').text("storage")
                .global("torch", "FloatStorage")
                .text(key)
                .text("cpu")
                .whole(size)
                .op('t')
                .op('Q');
        whole(offset);
        numbers(shape);
        numbers(strides);
        return op(0x89).global("collections", "OrderedDict")
                .op(')')
                .op('R')
                .op('t')
                .op('R');
    }

    private void numbers(int[] values) {
        op('(');
        for (int value : values) {
            whole(value);
        }
        op('t');
    }

    /** An ordered dictionary with one tensor, under {@code state_dict} if asked. */
    static byte[] dictionary(boolean nested, String name, Pickles tensor) {
        Pickles all = new Pickles();
        if (nested) {
            all.op('}').text("state_dict");
        }
        all.global("collections", "OrderedDict").op(')').op('R').op('(').text(name);
        byte[] inner = tensor.out.toByteArray();
        all.out.write(inner, 2, inner.length - 2);
        all.op('u');
        all.op('}').text("_metadata").op('N').op('s').op('b');
        if (nested) {
            all.op('s');
        }
        return all.stop();
    }

    byte[] stop() {
        op('.');
        return out.toByteArray();
    }

    static Path zip(Path file, byte[] pickle, Map<String, byte[]> storages, boolean compressed) throws IOException {
        Map<String, byte[]> members = new LinkedHashMap<>();
        members.put("archive/data.pkl", pickle);
        members.put("archive/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        storages.forEach((key, bytes) -> members.put("archive/data/" + key, bytes));
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (var member : members.entrySet()) {
                ZipEntry entry = new ZipEntry(member.getKey());
                if (!compressed) {
                    CRC32 crc = new CRC32();
                    crc.update(member.getValue());
                    entry.setMethod(ZipEntry.STORED);
                    entry.setSize(member.getValue().length);
                    entry.setCrc(crc.getValue());
                }
                zip.putNextEntry(entry);
                zip.write(member.getValue());
                zip.closeEntry();
            }
        }
        return file;
    }

    static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    static Path legacy(Path file, byte[] root, String key, float... values) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new Pickles()
                .bytes(0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19)
                .stop());
        out.writeBytes(new Pickles().whole(1001).stop());
        out.writeBytes(
                new Pickles().op('}').text("little_endian").op(0x88).op('s').stop());
        out.writeBytes(root);
        out.writeBytes(new Pickles().op(']').text(key).op('a').stop());
        out.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(0, values.length)
                .array());
        out.writeBytes(floats(values));
        return Files.write(file, out.toByteArray());
    }
}
