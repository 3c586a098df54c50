package sightline.sensors.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * Ports that were free a moment ago. The broker must know its ports before it binds them, so another process may
 * still take one in between; {@link EmbeddedBroker} then tries again with new ones.
 */
record FreePorts(int clients, int controller) {

    static FreePorts find(int wantedClientPort) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket first = new ServerSocket(0, 1, loopback);
                ServerSocket second = new ServerSocket(0, 1, loopback)) {
            int clients = wantedClientPort == 0 ? first.getLocalPort() : wantedClientPort;
            return new FreePorts(clients, second.getLocalPort());
        }
    }
}
