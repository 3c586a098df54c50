package sightline.sensors.kafka;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topics;
import sightline.config.domain.DeadLetter;
import sightline.config.domain.Origin;

/**
 * A record on its way to the dead letters: original key, value, timestamp and headers untouched, the cause in a header as
 * the contract's message.
 *
 * <p>Where Kafka Connect has a header name for something it is there as well, so that existing tools read our dead letters.
 */
record FailedRecord(ConsumerRecord<byte[], byte[]> original, String stage, Throwable cause) {
    private static final int STACK_TRACE_CHARS = 4096;

    String topic() {
        return original.topic() + Topics.DEAD_LETTER_SUFFIX;
    }

    /**
     * The record to send.
     *
     * @param attempt which try this is, from 1
     * @param withValue false leaves the value out and says so, for one that no broker takes
     */
    ProducerRecord<byte[], byte[]> toRecord(int attempt, boolean withValue, long nowNanos) {
        DeadLetter letter = letter(attempt, withValue, nowNanos);
        Headers headers = new RecordHeaders(original.headers().toArray());
        put(headers, sightline.config.contract.Headers.DEAD_LETTER, Codecs.DEAD_LETTER.encode(letter));
        put(headers, DeadLetterHeaders.TOPIC, letter.topic());
        put(headers, DeadLetterHeaders.PARTITION, Integer.toString(letter.partition()));
        put(headers, DeadLetterHeaders.OFFSET, Long.toString(letter.offset()));
        put(headers, DeadLetterHeaders.STAGE, letter.stage());
        put(headers, DeadLetterHeaders.EXCEPTION_CLASS, letter.failure());
        put(headers, DeadLetterHeaders.EXCEPTION_MESSAGE, letter.message());
        put(headers, DeadLetterHeaders.EXCEPTION_TRACE, letter.stackTrace());
        Long timestamp = original.timestamp() < 0 ? null : original.timestamp();
        byte[] value = withValue ? original.value() : null;
        return new ProducerRecord<>(topic(), null, timestamp, original.key(), value, headers);
    }

    private DeadLetter letter(int attempt, boolean withValue, long nowNanos) {
        byte[] value = original.value();
        return new DeadLetter(
                original.topic(),
                original.partition(),
                original.offset(),
                stage,
                cause.getClass().getName(),
                String.valueOf(cause.getMessage()),
                trace(),
                value == null ? "" : digest(value),
                value == null ? 0 : value.length,
                attempt,
                withValue,
                nowNanos,
                origin());
    }

    private Optional<Origin> origin() {
        Header said = original.headers().lastHeader(sightline.config.contract.Headers.ORIGIN);
        String name = said == null || said.value() == null ? "" : new String(said.value(), StandardCharsets.UTF_8);
        return Arrays.stream(Origin.values())
                .filter(origin -> origin.name().equals(name))
                .findFirst();
    }

    private String trace() {
        var text = new StringWriter();
        cause.printStackTrace(new PrintWriter(text));
        return text.toString()
                .substring(0, Math.min(STACK_TRACE_CHARS, text.getBuffer().length()));
    }

    private static void put(Headers headers, String name, String value) {
        put(headers, name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static void put(Headers headers, String name, byte[] value) {
        headers.remove(name).add(name, value);
    }

    private static String digest(byte[] value) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
