package sightline.config.contract;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.util.function.Function;

/**
 * A codec over a generated message.
 *
 * @param <T> the domain record
 * @param <M> its message
 */
final class ProtoCodec<T, M extends MessageLite> implements Codec<T> {

    private final String type;
    private final Parser<M> parser;
    private final Function<T, M> write;
    private final Function<M, T> read;

    ProtoCodec(String type, Parser<M> parser, Function<T, M> write, Function<M, T> read) {
        this.type = type;
        this.parser = parser;
        this.write = write;
        this.read = read;
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public byte[] encode(T value) {
        return write.apply(value).toByteArray();
    }

    @Override
    public T decode(byte[] value) {
        if (value == null) {
            throw new MalformedRecordException(type + ": no value");
        }
        try {
            return read.apply(parser.parseFrom(value));
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedRecordException(
                    type + ": " + value.length + " bytes are not this message: " + e.getMessage(), e);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new MalformedRecordException(type + ": " + e.getMessage(), e);
        }
    }
}
