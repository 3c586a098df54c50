package sightline.pipeline.mcap;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Reads an MCAP file in order of time, whatever order it was written in; messages of one time in order of the file.
 *
 * <p>A file without a summary, because its writer died, is walked through once at the start and read up to where it breaks
 * off. Memory is the chunks that overlap in time. <b>Threading:</b> one thread at a time. <b>Failure:</b> {@link
 * MalformedMcapException} where a file is damaged otherwise. <b>Ownership:</b> close it.
 */
public final class McapReader implements Closeable {
    private final FileChannel file;
    private final Contents contents;
    private final PriorityQueue<Found> waiting =
            new PriorityQueue<>(Comparator.comparingLong((Found f) -> f.message.logNanos())
                    .thenComparingInt(f -> f.section)
                    .thenComparingInt(f -> f.number));
    private int nextSection;

    /** A message and where it was. */
    private record Found(McapMessage message, int section, int number) {}

    private McapReader(FileChannel file, Contents contents) {
        this.file = file;
        this.contents = contents;
    }

    public static McapReader open(Path path) throws IOException {
        FileChannel file = FileChannel.open(path);
        try {
            if (!Contents.magic(file, 0)) {
                throw new MalformedMcapException(path + " is not an MCAP file");
            }
            return new McapReader(file, Contents.of(file));
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Whether the writer came to its end; if not, what it last wrote may be missing. */
    public boolean complete() {
        return contents.complete;
    }

    /** All channels, also those without a message. */
    public List<McapChannel> channels() {
        return List.copyOf(contents.channels.values());
    }

    public Optional<McapSchema> schema(McapChannel channel) {
        return Optional.ofNullable(contents.schemas.get(channel.schema()));
    }

    /** The next message in order of time; empty at the end. */
    public Optional<McapMessage> next() throws IOException {
        while (nextSection < contents.sections.size()
                && (waiting.isEmpty()
                        || contents.sections.get(nextSection).startNanos()
                                <= waiting.peek().message.logNanos())) {
            load(nextSection++);
        }
        return Optional.ofNullable(waiting.poll()).map(Found::message);
    }

    private void load(int section) throws IOException {
        Records records = contents.sections.get(section).records(file);
        int number = 0;
        for (int op = records.next(); op >= 0; op = records.next()) {
            if (op == Op.MESSAGE) {
                waiting.add(new Found(message(records.fields()), section, number++));
            }
        }
    }

    private McapMessage message(Fields fields) throws MalformedMcapException {
        int id = Records.checked(fields::u16);
        McapChannel channel = contents.channels.get(id);
        if (channel == null) {
            throw new MalformedMcapException(
                    "a message belongs to channel " + id + ", which the file does not describe");
        }
        return Records.checked(() ->
                new McapMessage(channel, fields.u32(), fields.u64(), fields.u64(), fields.bytes(fields.remaining())));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
