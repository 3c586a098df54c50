package sightline.config.contract;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.BitSet;

/** Masks as lengths of runs: of pixels outside, then inside, and so on in turn; the first alone may be 0. */
final class BitRuns {
    private BitRuns() {}

    static ByteString encode(BitSet pixels, int length) {
        ByteString.Output bytes = ByteString.newOutput(64);
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            boolean inside = false;
            int at = 0;
            while (at < length) {
                int next = inside ? pixels.nextClearBit(at) : pixels.nextSetBit(at);
                int end = next < 0 ? length : Math.min(next, length);
                out.writeUInt32NoTag(end - at);
                at = end;
                inside = !inside;
            }
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteString();
    }

    /** Fails unless the runs fill exactly {@code length} pixels. */
    static BitSet decode(ByteString runs, int length) {
        BitSet pixels = new BitSet(length);
        int at = 0;
        try {
            CodedInputStream in = runs.newCodedInput();
            for (boolean inside = false; !in.isAtEnd(); inside = !inside) {
                int run = in.readUInt32();
                if (run < 0 || run > length - at || run == 0 && at > 0) {
                    throw new IllegalArgumentException(
                            "a mask has a run of " + run + " at pixel " + at + " of " + length);
                }
                pixels.set(at, at + run, inside);
                at += run;
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("a mask ends within a run", e);
        }
        if (at != length) {
            throw new IllegalArgumentException("a mask holds " + at + " pixels, needs " + length);
        }
        return pixels;
    }
}
