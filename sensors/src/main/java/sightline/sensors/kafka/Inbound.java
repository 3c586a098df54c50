package sightline.sensors.kafka;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import reactor.core.publisher.Flux;
import sightline.config.ledger.Disposition;
import sightline.config.ledger.Ticket;

/**
 * One record and the duty to dispose of it.
 *
 * <p>Whoever holds it calls exactly one of {@code acknowledge}, {@link #discard()}, {@link #deadLetter} or
 * {@link #release()}; the first call wins and later ones have no effect. A record that nobody disposes of holds its
 * partition's committed offset and, in the end, its partition: that is how work that was lost shows.
 *
 * <p><b>Threading:</b> immutable but for its disposition; any thread may dispose. <b>Ownership:</b> {@link #value()}
 * is this record's own array and may be kept; it must not be written to while others hold the record.
 */
public final class Inbound {
    private static final VarHandle DISPOSED;

    static {
        try {
            DISPOSED = MethodHandles.lookup().findVarHandle(Inbound.class, "disposed", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ConsumerRecord<byte[], byte[]> record;
    private final CompletionWindow.Slot slot;
    private final CompletionWindow window;
    private final Custody custody;
    private Optional<Ticket> ticket = Optional.empty();

    @SuppressWarnings("unused") // read and written through DISPOSED
    private volatile boolean disposed;

    Inbound(ConsumerRecord<byte[], byte[]> record, CompletionWindow window, Custody custody) {
        this.record = record;
        this.window = window;
        this.slot = window.open(record.offset(), record.leaderEpoch());
        this.custody = custody;
    }

    /** Before anybody else sees the record. */
    void book(Booking booking) {
        ticket = booking.open(this);
    }

    public String topic() {
        return record.topic();
    }

    public int partition() {
        return record.partition();
    }

    public TopicPartition topicPartition() {
        return new TopicPartition(record.topic(), record.partition());
    }

    public long offset() {
        return record.offset();
    }

    /** The record's timestamp in milliseconds since the epoch, UTC: exposure time by our contract. */
    public long timestampMillis() {
        return record.timestamp();
    }

    /** The key as UTF-8, or an empty string where there is none. */
    public String key() {
        return record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    }

    /** True for a record without a value: it deletes its key in a compacted topic. */
    public boolean tombstone() {
        return record.value() == null;
    }

    /** The value; a tombstone has none, which is an {@link IllegalStateException}. */
    public byte[] value() {
        if (record.value() == null) {
            throw new IllegalStateException("the record at " + this + " has no value");
        }
        return record.value();
    }

    /** The last header of that name, as UTF-8. */
    public Optional<String> header(String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
    }

    /** All headers; read only by convention. */
    public Headers headers() {
        return record.headers();
    }

    ConsumerRecord<byte[], byte[]> record() {
        return record;
    }

    /** Its effect is done: the offset may be committed once all earlier ones of its partition are. */
    public void acknowledge() {
        acknowledge(Disposition.DONE);
    }

    /** The same with the reason why nothing more is to be done for it: superseded, stale and so on. */
    public void acknowledge(Disposition how) {
        if (claim()) {
            finish(how, true);
        }
    }

    /**
     * Dropped on the way. While the stream runs that is a decision (a newer frame took its place) and acknowledges;
     * after cancellation it is none, and the record will be read again.
     */
    public void discard() {
        if (custody.cancelled()) {
            release();
        } else {
            acknowledge(Disposition.SUPERSEDED);
        }
    }

    /**
     * This record cannot be processed: it is copied to the dead-letter topic with its cause and acknowledged after that
     * copy is stored. Never blocks.
     *
     * @param stage what was being tried, for instance {@code decode}
     */
    public void deadLetter(String stage, Throwable cause) {
        if (claim()) {
            custody.bury(this, stage, cause);
        }
    }

    /**
     * Let go unread, because whoever holds it may not work on it any more: its partition or its work went elsewhere. Its
     * place among those in flight is free, and nothing from it on is committed, so that somebody else reads it.
     */
    public void release() {
        if (claim()) {
            finish(Disposition.FAILED, false);
        }
    }

    /** After a claim: closes the books, then tells the session. */
    void finish(Disposition how, boolean acknowledged) {
        ticket.ifPresent(t -> t.close(how));
        custody.finish(this, how, acknowledged);
    }

    private boolean claim() {
        return DISPOSED.compareAndSet(this, false, true);
    }

    void completeInWindow() {
        window.complete(slot);
    }

    void abandonInWindow() {
        window.abandon(slot);
    }

    boolean revoked() {
        return window.revoked();
    }

    /**
     * To be put at the end of a chain of operators: records that any operator above drops are disposed of by
     * {@link #discard()}.
     */
    public static <T> Flux<T> discarding(Flux<T> flux) {
        return flux.doOnDiscard(Inbound.class, Inbound::discard);
    }

    /**
     * Maps each record and dead-letters those whose mapping throws, which emit nothing. The mapping acknowledges, or
     * hands that duty on with its result.
     */
    public static <R> Flux<R> mapOrDeadLetter(
            Flux<Inbound> records, String stage, Function<? super Inbound, ? extends R> mapping) {
        return records.handle((inbound, sink) -> {
            R result;
            try {
                result = mapping.apply(inbound);
            } catch (RuntimeException e) {
                inbound.deadLetter(stage, e);
                return;
            }
            sink.next(result);
        });
    }

    @Override
    public String toString() {
        return record.topic() + "-" + record.partition() + "@" + record.offset();
    }
}
