package sightline.operators.fusion;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sightline.config.contract.Codec;
import sightline.config.contract.Codecs;
import sightline.config.contract.MalformedRecordException;
import sightline.config.domain.Belief;
import sightline.config.domain.Origin;
import sightline.config.domain.Scan;

/**
 * State of a node as bytes: the frozen prior, and the evidence since then from which everything else is worked out
 * again. Versioned; a version that is not known is refused.
 */
record NodeSnapshot(
        long incarnation,
        long tick,
        Prior prior,
        Origin priorOrigin,
        long nextBirth,
        Map<BirthLedger.Cause, Long> births,
        List<Kept<Scan>> scans,
        List<Kept<Belief>> beliefs) {
    private static final int MAGIC = 0x53_4C_46_4E;
    private static final int VERSION = 1;
    private static final int BIGGEST = 64 << 20;

    byte[] write() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeInt(VERSION);
            out.writeLong(incarnation);
            out.writeLong(tick);
            out.writeLong(prior.tick());
            out.writeUTF(priorOrigin.name());
            TableBytes.write(prior.tracks(), out);
            out.writeLong(nextBirth);
            // Sorted, so that equal states are equal bytes.
            Map<Long, BirthLedger.Cause> sorted = new TreeMap<>();
            births.forEach((cause, name) -> sorted.put(name, cause));
            out.writeInt(sorted.size());
            for (Map.Entry<Long, BirthLedger.Cause> entry : sorted.entrySet()) {
                BirthLedger.Cause cause = entry.getValue();
                out.writeLong(entry.getKey());
                out.writeUTF(cause.sensor());
                out.writeLong(cause.sequence());
                out.writeLong(cause.timeNanos());
                out.writeInt(cause.observation());
            }
            writeAll(scans, out);
            writeAll(beliefs, out);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    static NodeSnapshot read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readInt() != MAGIC) {
                throw new IllegalArgumentException("these bytes are no snapshot of a fusion node");
            }
            int version = in.readInt();
            if (version != VERSION) {
                throw new IllegalArgumentException("snapshot version " + version + " is not " + VERSION);
            }
            long incarnation = in.readLong();
            long tick = in.readLong();
            long priorTick = in.readLong();
            Origin origin = Origin.valueOf(in.readUTF());
            Prior prior = Prior.of(priorTick, TableBytes.read(in));
            long nextBirth = in.readLong();
            Map<BirthLedger.Cause, Long> births = new HashMap<>();
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                long name = in.readLong();
                births.put(new BirthLedger.Cause(in.readUTF(), in.readLong(), in.readLong(), in.readInt()), name);
            }
            return new NodeSnapshot(
                    incarnation,
                    tick,
                    prior,
                    origin,
                    nextBirth,
                    births,
                    readAll(Codecs.SCAN, in),
                    readAll(Codecs.BELIEF, in));
        } catch (IOException | MalformedRecordException e) {
            throw new IllegalArgumentException("the snapshot is damaged: " + e.getMessage(), e);
        }
    }

    private static <T> void writeAll(List<Kept<T>> values, DataOutputStream out) throws IOException {
        out.writeInt(values.size());
        for (Kept<T> value : values) {
            byte[] bytes = value.bytes();
            out.writeInt(bytes.length);
            out.write(bytes);
        }
    }

    private static <T> List<Kept<T>> readAll(Codec<T> codec, DataInputStream in) throws IOException {
        int count = in.readInt();
        List<Kept<T>> out = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = in.readInt();
            if (length < 0 || length > BIGGEST) {
                throw new IOException("a record of " + length + " bytes");
            }
            byte[] bytes = new byte[length];
            in.readFully(bytes);
            out.add(new Kept<>(codec.decode(bytes), codec));
        }
        return out;
    }
}
