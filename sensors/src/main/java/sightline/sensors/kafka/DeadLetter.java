package sightline.sensors.kafka;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import sightline.config.contract.Topics;

/**
 * A record on its way to the dead letters: original key, value, timestamp and headers untouched, the cause in headers.
 *
 * <p>Where Kafka Connect has a header name for something it is used, so that existing tools read our dead letters.
 */
record DeadLetter(ConsumerRecord<byte[], byte[]> original, String stage, Throwable cause) {
    private static final int STACK_TRACE_CHARS = 4096;

    String topic() {
        return original.topic() + Topics.DEAD_LETTER_SUFFIX;
    }

    /**
     * The record to send.
     *
     * @param withValue false leaves the value out and says so, for one that no broker takes
     */
    ProducerRecord<byte[], byte[]> toRecord(int attempt, boolean withValue) {
        Headers headers = new RecordHeaders(original.headers().toArray());
        put(headers, DeadLetterHeaders.TOPIC, original.topic());
        put(headers, DeadLetterHeaders.PARTITION, Integer.toString(original.partition()));
        put(headers, DeadLetterHeaders.OFFSET, Long.toString(original.offset()));
        put(headers, DeadLetterHeaders.STAGE, stage);
        put(headers, DeadLetterHeaders.EXCEPTION_CLASS, cause.getClass().getName());
        put(headers, DeadLetterHeaders.EXCEPTION_MESSAGE, String.valueOf(cause.getMessage()));
        put(headers, DeadLetterHeaders.EXCEPTION_TRACE, trace());
        put(headers, DeadLetterHeaders.ATTEMPT, Integer.toString(attempt));
        put(headers, DeadLetterHeaders.REPLAYABLE, Boolean.toString(withValue));
        if (original.value() != null) {
            put(headers, DeadLetterHeaders.DIGEST, digest(original.value()));
            if (!withValue) {
                put(headers, DeadLetterHeaders.OMITTED_BYTES, Integer.toString(original.value().length));
            }
        }
        Long timestamp = original.timestamp() < 0 ? null : original.timestamp();
        byte[] value = withValue ? original.value() : null;
        return new ProducerRecord<>(topic(), null, timestamp, original.key(), value, headers);
    }

    private String trace() {
        var text = new StringWriter();
        cause.printStackTrace(new PrintWriter(text));
        return text.toString()
                .substring(0, Math.min(STACK_TRACE_CHARS, text.getBuffer().length()));
    }

    private static void put(Headers headers, String name, String value) {
        headers.remove(name).add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static String digest(byte[] value) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
