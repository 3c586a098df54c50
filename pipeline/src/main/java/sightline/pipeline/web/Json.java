package sightline.pipeline.web;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collection;

/**
 * Writes JSON by streaming, without a tree in between. Numbers are rounded to what a page can show, so a tick of a
 * hundred tracks stays a few kilobytes. NaN and infinities become null.
 */
final class Json implements AutoCloseable {
    private static final JsonFactory FACTORY = new JsonFactory();

    /** Fills one value. */
    @FunctionalInterface
    interface Body {
        void write(Json json) throws IOException;
    }

    /** Fills one value for an element. */
    @FunctionalInterface
    interface Each<T> {
        void write(Json json, T element) throws IOException;
    }

    private final JsonGenerator out;

    private Json(ByteArrayOutputStream bytes) throws IOException {
        out = FACTORY.createGenerator(bytes);
    }

    /** One object as UTF-8. */
    static Buffer object(Body fields) {
        var bytes = new ByteArrayOutputStream(512);
        try (Json json = new Json(bytes)) {
            json.out.writeStartObject();
            fields.write(json);
            json.out.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return Buffer.buffer(bytes.toByteArray());
    }

    Json put(String name, String value) throws IOException {
        out.writeStringField(name, value);
        return this;
    }

    Json put(String name, long value) throws IOException {
        out.writeNumberField(name, value);
        return this;
    }

    Json put(String name, boolean value) throws IOException {
        out.writeBooleanField(name, value);
        return this;
    }

    /** A number with so many decimals at most. */
    Json put(String name, double value, int decimals) throws IOException {
        out.writeFieldName(name);
        return add(value, decimals);
    }

    /** Nanoseconds as milliseconds with three decimals, which a page's numbers can hold. */
    Json millis(String name, long nanos) throws IOException {
        out.writeFieldName(name);
        out.writeNumber(BigDecimal.valueOf(Math.floorDiv(nanos, 1000), 3));
        return this;
    }

    Json add(double value, int decimals) throws IOException {
        if (Double.isFinite(value)) {
            BigDecimal rounded = BigDecimal.valueOf(value)
                    .setScale(decimals, RoundingMode.HALF_EVEN)
                    .stripTrailingZeros();
            out.writeNumber(rounded.scale() < 0 ? rounded.setScale(0) : rounded);
        } else {
            out.writeNull();
        }
        return this;
    }

    Json add(String value) throws IOException {
        out.writeString(value);
        return this;
    }

    Json add(long value) throws IOException {
        out.writeNumber(value);
        return this;
    }

    /** A field that is an object. */
    Json object(String name, Body fields) throws IOException {
        out.writeObjectFieldStart(name);
        fields.write(this);
        out.writeEndObject();
        return this;
    }

    /** A field that is an array; the body adds its elements. */
    Json array(String name, Body elements) throws IOException {
        out.writeArrayFieldStart(name);
        elements.write(this);
        out.writeEndArray();
        return this;
    }

    /** An array as an element. */
    Json row(Body elements) throws IOException {
        out.writeStartArray();
        elements.write(this);
        out.writeEndArray();
        return this;
    }

    /** An object as an element. */
    Json element(Body fields) throws IOException {
        out.writeStartObject();
        fields.write(this);
        out.writeEndObject();
        return this;
    }

    /** A field that is an array of objects. */
    <T> Json list(String name, Collection<? extends T> from, Each<T> fields) throws IOException {
        out.writeArrayFieldStart(name);
        for (T element : from) {
            out.writeStartObject();
            fields.write(this, element);
            out.writeEndObject();
        }
        out.writeEndArray();
        return this;
    }

    /** A field that is an array of strings. */
    Json strings(String name, Collection<String> values) throws IOException {
        out.writeArrayFieldStart(name);
        for (String value : values) {
            out.writeString(value);
        }
        out.writeEndArray();
        return this;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
