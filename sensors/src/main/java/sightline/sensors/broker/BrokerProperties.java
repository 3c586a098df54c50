package sightline.sensors.broker;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The server properties of a combined broker and controller that serves one machine with little memory. */
final class BrokerProperties {
    static final int NODE_ID = 1;
    static final String CONTROLLER = "CONTROLLER";
    private static final String CLIENTS = "PLAINTEXT";

    private BrokerProperties() {}

    static Map<String, String> of(BrokerOptions options, Path directory, int port, int controllerPort) {
        var p = new HashMap<String, String>();
        String clients = CLIENTS + "://" + options.host() + ":" + port;
        p.put("process.roles", "broker,controller");
        p.put("node.id", Integer.toString(NODE_ID));
        p.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
        p.put("listeners", clients + "," + CONTROLLER + "://127.0.0.1:" + controllerPort);
        p.put("advertised.listeners", clients);
        p.put("listener.security.protocol.map", CLIENTS + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
        p.put("controller.listener.names", CONTROLLER);
        p.put("inter.broker.listener.name", CLIENTS);
        p.put("log.dirs", directory.toString());
        p.put("auto.create.topics.enable", "false");
        singleReplica(p, "offsets.topic.replication.factor", "offsets.topic.num.partitions");
        singleReplica(p, "transaction.state.log.replication.factor", "transaction.state.log.num.partitions");
        singleReplica(
                p, "share.coordinator.state.topic.replication.factor", "share.coordinator.state.topic.num.partitions");
        p.put("transaction.state.log.min.isr", "1");
        p.put("share.coordinator.state.topic.min.isr", "1");
        // A lone member needs nobody to wait for.
        p.put("group.initial.rebalance.delay.ms", "0");
        p.put("initial.broker.registration.timeout.ms", "20000");
        // The cleaner's default buffer is 128 MiB, which is more than all of our state topics together.
        p.put("log.cleaner.dedupe.buffer.size", "2097152");
        p.put("num.network.threads", "2");
        p.put("num.io.threads", "2");
        p.put("background.threads", "2");
        p.put("message.max.bytes", Integer.toString(options.maxMessageBytes()));
        p.put("replica.fetch.max.bytes", Integer.toString(options.maxMessageBytes()));
        p.put(
                "socket.request.max.bytes",
                Long.toString(Math.min(Integer.MAX_VALUE, 4L * options.maxMessageBytes() + (32 << 20))));
        p.putAll(options.overrides());
        return p;
    }

    private static void singleReplica(Map<String, String> p, String replication, String partitions) {
        p.put(replication, "1");
        p.put(partitions, "1");
    }
}
