package sightline.config.contract;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** Label maps as pairs of (run length as varint, class id as one byte), in row-major order. */
final class RunLengths {

    private RunLengths() {}

    static ByteString encode(byte[] labels) {
        ByteString.Output bytes = ByteString.newOutput(Math.max(16, labels.length / 16));
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            int start = 0;
            while (start < labels.length) {
                int end = start + 1;
                while (end < labels.length && labels[end] == labels[start]) {
                    end++;
                }
                out.writeUInt32NoTag(end - start);
                out.writeRawByte(labels[start]);
                start = end;
            }
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteString();
    }

    /** Fails unless the runs fill exactly {@code length} labels. */
    static byte[] decode(ByteString runs, int length) {
        byte[] labels = new byte[length];
        int at = 0;
        try {
            CodedInputStream in = runs.newCodedInput();
            while (!in.isAtEnd()) {
                int run = in.readUInt32();
                if (run <= 0 || run > length - at) {
                    throw new IllegalArgumentException(
                            "labels_rle has a run of " + run + " at label " + at + " of " + length);
                }
                Arrays.fill(labels, at, at + run, in.readRawByte());
                at += run;
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("labels_rle ends within a run", e);
        }
        if (at != length) {
            throw new IllegalArgumentException("labels_rle holds " + at + " labels, needs " + length);
        }
        return labels;
    }
}
