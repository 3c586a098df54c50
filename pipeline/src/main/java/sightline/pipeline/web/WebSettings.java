package sightline.pipeline.web;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Settings of the dashboard. The defaults are safe: loopback only, and what leaves loopback needs a token.
 *
 * @param host address to listen on
 * @param port 0 for any free one
 * @param token what clients must show; empty for none, which only loopback addresses allow
 * @param tls certificate and key in PEM; empty for plain HTTP
 * @param maxClients live connections at a time; one more is refused with a reason
 * @param controlQueue control messages that may wait for one client before it is disconnected
 * @param writeQueueBytes bytes that may wait in one client's socket before data is held back
 * @param stallTimeout how long a client may take nothing before it is disconnected
 * @param previewInterval shortest time between two previews of one camera
 */
public record WebSettings(
        String host,
        int port,
        Optional<String> token,
        Optional<Tls> tls,
        int maxClients,
        int controlQueue,
        int writeQueueBytes,
        Duration stallTimeout,
        Duration previewInterval) {
    /** PEM files of a certificate chain and its private key. */
    public record Tls(Path certificate, Path key) {}

    public WebSettings {
        if (token.filter(String::isBlank).isPresent()) {
            throw new IllegalArgumentException("web.token is blank: leave it out or set one");
        }
        if (!isLoopback(host) && token.isEmpty()) {
            throw new IllegalArgumentException(
                    "web.host " + host + " is not a loopback address, so web.token must be set");
        }
        if (maxClients < 1 || controlQueue < 16 || writeQueueBytes < 16384) {
            throw new IllegalArgumentException(
                    "web.max-clients must be at least 1, web.control-queue 16, web.write-queue-bytes 16384");
        }
    }

    /** Loopback, any free port, no token, no TLS. */
    public static WebSettings defaults() {
        return new WebSettings(
                "127.0.0.1",
                0,
                Optional.empty(),
                Optional.empty(),
                64,
                512,
                512 * 1024,
                Duration.ofSeconds(5),
                Duration.ofMillis(180));
    }

    public WebSettings withAddress(String newHost, int newPort) {
        return new WebSettings(
                newHost, newPort, token, tls, maxClients, controlQueue, writeQueueBytes, stallTimeout, previewInterval);
    }

    public WebSettings withToken(String newToken) {
        return new WebSettings(
                host,
                port,
                Optional.of(newToken),
                tls,
                maxClients,
                controlQueue,
                writeQueueBytes,
                stallTimeout,
                previewInterval);
    }

    /** Most bytes that wait in the sockets of all clients. */
    public long mostWaiting() {
        return (long) maxClients * writeQueueBytes;
    }

    static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("::1") || host.equals("[::1]") || host.startsWith("127.");
    }
}
