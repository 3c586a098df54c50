package sightline.sensors.broker;

import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Kafka broker and its KRaft controller in this JVM.
 *
 * <p>Start-up takes one to two seconds in a cold JVM. The broker keeps its port over {@link #stop()} and
 * {@link #restart()}, so clients find it again as they would find a real broker that was away.
 *
 * <p><b>Threading:</b> all methods may be called from any thread; they exclude each other and block until the broker
 * has reached the state they promise. <b>Failure:</b> a port that was taken between choosing and binding is replaced
 * (five attempts) unless the caller asked for that very port. <b>Ownership:</b> whoever starts it closes it; a
 * temporary directory goes with it, a given directory stays.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
    private static final int BIND_ATTEMPTS = 5;

    private final BrokerOptions options;
    private final LogDirectory directory;
    private FreePorts ports;
    private KafkaRaftServer server;

    private EmbeddedBroker(BrokerOptions options, LogDirectory directory) {
        this.options = options;
        this.directory = directory;
    }

    /** Starts a broker whose data is deleted on {@link #close()}. */
    public static EmbeddedBroker temporary() throws IOException {
        return start(BrokerOptions.temporary());
    }

    /** Starts a broker and returns once it serves requests. */
    public static EmbeddedBroker start(BrokerOptions options) throws IOException {
        Exits.refuse();
        var broker = new EmbeddedBroker(options, LogDirectory.of(options));
        try {
            broker.directory.format();
            broker.bind();
            return broker;
        } catch (IOException | RuntimeException e) {
            broker.directory.deleteIfTemporary();
            throw e;
        }
    }

    private synchronized void bind() throws IOException {
        for (int attempt = 1; ; attempt++) {
            ports = FreePorts.find(options.port());
            try {
                launch();
                return;
            } catch (BindException e) {
                if (attempt == BIND_ATTEMPTS || options.port() != 0) {
                    throw new IOException("the broker's port " + ports.clients() + " is in use", e);
                }
                LOG.info("port {} was taken meanwhile, choosing another", ports.clients());
            }
        }
    }

    private void launch() throws IOException {
        var properties = BrokerProperties.of(options, directory.path(), ports.clients(), ports.controller());
        var candidate = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
        try {
            candidate.startup();
            server = candidate;
        } catch (RuntimeException | Error e) {
            shutDown(candidate);
            if (causedByBind(e)) {
                var bind = new BindException("port in use");
                bind.initCause(e);
                throw bind;
            }
            throw e;
        }
    }

    private static boolean causedByBind(Throwable e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof BindException || String.valueOf(t.getMessage()).contains("Address already in use")) {
                return true;
            }
        }
        return false;
    }

    /** What clients need as {@code bootstrap.servers}; constant over the broker's life. */
    public synchronized String bootstrapServers() {
        return options.host() + ":" + ports.clients();
    }

    /** Where the data lives. */
    public Path directory() {
        return directory.path();
    }

    /** True between a start and the next {@link #stop()} or {@link #close()}. */
    public synchronized boolean running() {
        return server != null;
    }

    /** Takes the broker away but keeps its data and port; idempotent. */
    public synchronized void stop() {
        if (server != null) {
            shutDown(server);
            server = null;
        }
    }

    /** Brings a stopped broker back on the same port with the same data; idempotent. */
    public synchronized void restart() throws IOException {
        if (server != null) {
            return;
        }
        try {
            launch();
        } catch (BindException e) {
            throw new IOException("port " + ports.clients() + " was taken while the broker was stopped", e);
        }
    }

    /** Stops the broker and deletes a temporary directory; idempotent. */
    @Override
    public synchronized void close() {
        stop();
        directory.deleteIfTemporary();
    }

    private static void shutDown(KafkaRaftServer server) {
        server.shutdown();
        server.awaitShutdown();
    }
}
