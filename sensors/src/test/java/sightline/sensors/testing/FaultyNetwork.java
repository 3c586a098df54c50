package sightline.sensors.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import sightline.sensors.broker.BrokerOptions;
import sightline.sensors.broker.EmbeddedBroker;

/**
 * A network between clients and one server on this machine, whose weather a test makes: a TCP proxy.
 *
 * <p>Threading: safe from any thread; each connection has four threads of its own. Memory: what is under way is bounded a
 * connection, so a sender feels a narrow network as TCP lets it. Ownership: closing it cuts all connections, the server
 * stays.
 */
public final class FaultyNetwork implements AutoCloseable {

    private final ServerSocket door;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private volatile Weather weather = Weather.FAIR;
    private volatile int server;

    private FaultyNetwork() throws IOException {
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("faulty-network").start(this::welcome);
    }

    /** A broker that its clients reach only through the network, and the network. */
    public record Behind(EmbeddedBroker broker, FaultyNetwork network) implements AutoCloseable {

        @Override
        public void close() {
            network.close();
            broker.close();
        }
    }

    /** Starts a broker that tells its clients the network's address as its own. */
    public static Behind broker() throws IOException {
        var network = new FaultyNetwork();
        EmbeddedBroker broker = EmbeddedBroker.start(
                BrokerOptions.temporary().with("advertised.listeners", "PLAINTEXT://" + network.address()));
        network.leadTo(Integer.parseInt(broker.bootstrapServers().replaceFirst(".*:", "")));
        return new Behind(broker, network);
    }

    private void leadTo(int port) {
        this.server = port;
    }

    /** What clients connect to, as {@code host:port}. */
    public String address() {
        return "127.0.0.1:" + door.getLocalPort();
    }

    /** From now on, for connections that stand too. */
    public void turn(Weather next) {
        this.weather = next;
    }

    /** Resets every connection that stands; new ones are welcome. */
    public void reset() {
        links.forEach(Link::reset);
    }

    private void welcome() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                Socket there;
                try {
                    there = new Socket(InetAddress.getLoopbackAddress(), server);
                } catch (IOException e) {
                    client.close();
                    continue;
                }
                var link = new Link(client, there, () -> weather, links::remove);
                links.add(link);
                link.start();
            } catch (IOException e) {
                // The door was closed, or one caller hung up while waiting.
            }
        }
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            // It is of no more use either way.
        }
        reset();
    }
}
