package sightline.pipeline.web;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * One open page. {@link #offer} may be called from any thread and never waits; everything that touches the socket runs on
 * the connection's own event loop.
 */
final class LiveClient {
    /** WebSocket close code: the server asks the client to come again later. */
    private static final short TRY_AGAIN_LATER = 1013;

    private static final int MAX_WANTED_CAMERAS = 256;

    final long id;
    final String address;
    final long sinceNanos;
    private final ServerWebSocket socket;
    private final HttpConnection connection;
    private final Context context;
    private final Outbox outbox;
    private final LongSupplier monotonic;
    private final Consumer<LiveClient> departed;
    private final AtomicBoolean flushing = new AtomicBoolean();
    private volatile Set<String> channels = Set.of("tick", "status", "system");
    private volatile Set<String> cameras = Set.of();
    private final AtomicLong sent = new AtomicLong();
    /** Since when the socket has taken nothing; 0 while it takes. */
    private volatile long fullSince;
    /** When the oldest ping without an answer was sent; 0 if there is none. */
    private volatile long unansweredSince;

    private volatile String reason = "";

    LiveClient(
            long id,
            ServerWebSocket socket,
            HttpConnection connection,
            Context context,
            WebSettings settings,
            LongSupplier monotonic,
            long sinceNanos,
            Consumer<LiveClient> departed) {
        this.id = id;
        this.address =
                socket.remoteAddress() == null ? "" : socket.remoteAddress().hostAddress();
        this.socket = socket;
        this.connection = connection;
        this.context = context;
        this.outbox = new Outbox(settings.controlQueue());
        this.monotonic = monotonic;
        this.sinceNanos = sinceNanos;
        this.departed = departed;
        socket.setWriteQueueMaxSize(settings.writeQueueBytes());
        socket.drainHandler(ignored -> flush());
        socket.pongHandler(ignored -> unansweredSince = 0);
    }

    boolean wants(String channel) {
        return channels.contains(channel);
    }

    boolean wantsCamera(String camera) {
        Set<String> only = cameras;
        return wants("camera") && (only.isEmpty() || only.contains(camera));
    }

    /** Changes what this client gets; an empty list of cameras means all of them. */
    void want(JsonObject message) {
        channels = strings(message.getJsonArray("channels"));
        cameras = strings(message.getJsonArray("cameras"));
        outbox.retainChannels(channels);
    }

    private static Set<String> strings(JsonArray array) {
        return array == null
                ? Set.of()
                : array.stream().limit(MAX_WANTED_CAMERAS).map(String::valueOf).collect(Collectors.toUnmodifiableSet());
    }

    /** Takes a message for this client; disconnects it when control messages pile up. */
    void offer(Message message) {
        if (!reason.isEmpty()) {
            return;
        }
        if (!outbox.offer(message)) {
            disconnect("too slow: its queue of control messages is full");
            return;
        }
        if (flushing.compareAndSet(false, true)) {
            context.runOnContext(ignored -> {
                flushing.set(false);
                flush();
            });
        }
    }

    private void flush() {
        while (!socket.isClosed() && !socket.writeQueueFull()) {
            fullSince = 0;
            Message next = outbox.poll();
            if (next == null) {
                return;
            }
            Buffer body = next.body();
            if (next.binary()) {
                socket.writeBinaryMessage(body);
            } else {
                socket.writeTextMessage(body.toString());
            }
            sent.incrementAndGet();
        }
        if (fullSince == 0) {
            fullSince = monotonic.getAsLong();
        }
    }

    /** Called about once a second: asks for a sign of life and ends clients that give none. */
    void check(long stallNanos) {
        long now = monotonic.getAsLong();
        long full = fullSince;
        long unanswered = unansweredSince;
        if (full != 0 && now - full > stallNanos) {
            disconnect("stalled: took nothing for " + (now - full) / 1_000_000 + " ms");
        } else if (unanswered != 0 && now - unanswered > 4 * stallNanos) {
            disconnect("dead: no answer to a ping for " + (now - unanswered) / 1_000_000 + " ms");
        } else {
            context.runOnContext(ignored -> ping());
        }
    }

    private void ping() {
        if (!socket.isClosed() && !socket.writeQueueFull()) {
            if (unansweredSince == 0) {
                unansweredSince = monotonic.getAsLong();
            }
            socket.writePing(Buffer.buffer());
        }
    }

    /**
     * Ends the connection with a reason, and leaves the hub at once. The reason is sent as a close frame. A client that
     * does not even take that is cut off by the server's write timeout; nothing is kept for it meanwhile.
     */
    void disconnect(String why) {
        if (!reason.isEmpty()) {
            return;
        }
        reason = why;
        outbox.retainChannels(Set.of());
        departed.accept(this);
        context.runOnContext(ignored -> {
            if (!socket.isClosed()) {
                socket.close(TRY_AGAIN_LATER, why);
                context.owner().setTimer(1000, timer -> connection.close());
            }
        });
    }

    /** Why the server ended it; empty if it did not. */
    String reason() {
        return reason;
    }

    long sent() {
        return sent.get();
    }

    long superseded() {
        return outbox.superseded();
    }
}
