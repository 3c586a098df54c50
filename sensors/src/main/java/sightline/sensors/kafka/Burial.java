package sightline.sensors.kafka;

import java.util.Optional;
import java.util.function.Consumer;

/** A session's way to the dead letters: the shared writer it was given, or one of its own, made at the first need. */
final class Burial implements AutoCloseable {
    private final SourceOptions options;
    private DeadLetters own;
    private boolean closed;

    Burial(SourceOptions options) {
        this.options = options;
    }

    void of(Inbound inbound, String stage, Throwable cause, Consumer<Boolean> stored) {
        Optional<DeadLetters> writer = writer();
        if (writer.isEmpty()) {
            stored.accept(false);
        } else {
            writer.get().bury(inbound.record(), stage, cause, stored);
        }
    }

    private synchronized Optional<DeadLetters> writer() {
        if (options.deadLetters().isPresent()) {
            return options.deadLetters();
        }
        if (own == null && !closed) {
            own = DeadLetters.to(options.bootstrapServers());
        }
        return Optional.ofNullable(own);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (own != null) {
            own.close();
            own = null;
        }
    }
}
