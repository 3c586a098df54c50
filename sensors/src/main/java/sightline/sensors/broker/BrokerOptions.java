package sightline.sensors.broker;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How an {@link EmbeddedBroker} is set up.
 *
 * @param directory where the logs live; empty means a temporary directory that is deleted on close
 * @param host address to bind and to advertise, loopback by default: the broker has no authentication
 * @param port port of the client listener, 0 for any free one
 * @param maxMessageBytes largest record batch that the broker accepts, in bytes
 * @param overrides broker properties that win over the defaults
 */
public record BrokerOptions(
        Optional<Path> directory, String host, int port, int maxMessageBytes, Map<String, String> overrides) {

    /** Room for the largest frame that travels inline (8 MiB) and its batch overhead. */
    public static final int DEFAULT_MAX_MESSAGE_BYTES = 9 << 20;

    public BrokerOptions {
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(host, "host");
        overrides = Map.copyOf(overrides);
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is outside 0..65535");
        }
        if (maxMessageBytes < 1024) {
            throw new IllegalArgumentException("maxMessageBytes " + maxMessageBytes + " is below 1024");
        }
    }

    /** A broker on any free loopback port whose data is deleted on close. */
    public static BrokerOptions temporary() {
        return new BrokerOptions(Optional.empty(), "127.0.0.1", 0, DEFAULT_MAX_MESSAGE_BYTES, Map.of());
    }

    /** A broker whose data stays in {@code directory}, so that a second start finds it again. */
    public static BrokerOptions persistent(Path directory) {
        return new BrokerOptions(Optional.of(directory), "127.0.0.1", 0, DEFAULT_MAX_MESSAGE_BYTES, Map.of());
    }

    /** The same, bound to another address. */
    public BrokerOptions listeningOn(String otherHost, int otherPort) {
        return new BrokerOptions(directory, otherHost, otherPort, maxMessageBytes, overrides);
    }

    /** The same with another limit on record batches. */
    public BrokerOptions withMaxMessageBytes(int bytes) {
        return new BrokerOptions(directory, host, port, bytes, overrides);
    }

    /** The same with one broker property set. */
    public BrokerOptions with(String property, String value) {
        var more = new HashMap<>(overrides);
        more.put(property, value);
        return new BrokerOptions(directory, host, port, maxMessageBytes, more);
    }
}
