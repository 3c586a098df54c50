package sightline.pipeline.cli.tail;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.header.Header;
import sightline.config.contract.Headers;
import sightline.sensors.kafka.Inbound;

/**
 * A record as one JSON object: {@code topic, partition, offset, timestamp_ms, key, headers, type, value}. The value has
 * the fields of the domain record; byte arrays are written in base 64.
 */
final class RecordJson {

    private final JsonMapper json = JsonMapper.builder()
            .addModule(new SimpleModule().addSerializer(new OptionalValue()))
            .build();

    String of(Inbound record, Decoded decoded) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("topic", record.topic());
        out.put("partition", record.partition());
        out.put("offset", record.offset());
        out.put("timestamp_ms", record.timestampMillis());
        out.put("key", record.key());
        out.put("headers", headers(record));
        switch (decoded) {
            case Decoded.Message m -> {
                out.put("type", m.type());
                out.put("value", m.value());
            }
            case Decoded.Picture p -> {
                out.put("type", "frame");
                out.put("value", p);
            }
            case Decoded.Heartbeat h -> {
                out.put("type", "heartbeat");
                out.put("value", h);
            }
            case Decoded.Tombstone t -> {
                out.put("type", "tombstone");
                out.put("value", null);
            }
            case Decoded.Buried b -> {
                out.put("type", "dead-letter");
                out.put("value", b);
            }
            case Decoded.Malformed m -> {
                out.put("type", "malformed");
                out.put("value", m);
            }
        }
        try {
            return json.writeValueAsString(out);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of the contract has no JSON form: " + e.getMessage(), e);
        }
    }

    /** As text; the one that is not text is the value of a dead letter. */
    private static Map<String, String> headers(Inbound record) {
        Map<String, String> headers = new TreeMap<>();
        for (Header header : record.headers()) {
            if (!header.key().equals(Headers.DEAD_LETTER)) {
                headers.put(
                        header.key(),
                        header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        return headers;
    }

    /** The value, or null where there is none. */
    private static final class OptionalValue extends StdSerializer<Optional<?>> {

        private static final long serialVersionUID = 1L;

        OptionalValue() {
            super(Optional.class, false);
        }

        @Override
        public void serialize(Optional<?> value, JsonGenerator out, SerializerProvider provider) throws IOException {
            if (value.isPresent()) {
                provider.defaultSerializeValue(value.get(), out);
            } else {
                out.writeNull();
            }
        }
    }
}
