package sightline.sensors.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;

/**
 * Looks at a cluster before anything is started on it and says, in one sentence each, what has to change.
 *
 * <p>It reads only: broker limits, feature levels, and existence, partitions and limits of topics. <b>Threading:</b>
 * blocks the caller for a few round trips. <b>Failure:</b> a cluster that does not answer is a finding, not an exception.
 */
public final class Preflight {
    private final String bootstrapServers;
    private final Duration timeout;

    public Preflight(String bootstrapServers) {
        this(bootstrapServers, Duration.ofSeconds(5));
    }

    /** @param timeout of each round trip */
    public Preflight(String bootstrapServers, Duration timeout) {
        this.bootstrapServers = bootstrapServers;
        this.timeout = timeout;
    }

    /** Compares the cluster with what these topics need; empty if nothing has to change. */
    public List<Finding> check(Collection<TopicSpec> wanted) {
        List<Finding> findings = new ArrayList<>();
        try (var admin = TopicAdmin.connect(bootstrapServers, timeout)) {
            Map<String, TopicState> found =
                    admin.describe(wanted.stream().map(TopicSpec::name).toList());
            features(admin, findings);
            brokers(admin, wanted, findings);
            TopicChecks.check(wanted, found, findings);
        } catch (BrokerUnavailableException e) {
            findings.add(Finding.blocker("Start a broker at " + bootstrapServers
                    + " or name another with --bootstrap-servers: " + e.getMessage() + "."));
        }
        return findings;
    }

    private static void features(TopicAdmin admin, List<Finding> findings) {
        FeatureMetadata features = admin.await(
                "read the feature levels", admin.admin().describeFeatures().featureMetadata());
        var transactions = features.finalizedFeatures().get("transaction.version");
        if (transactions == null || transactions.maxVersionLevel() < 2) {
            findings.add(Finding.advice("Raise the feature transaction.version of the cluster to 2"
                    + " (kafka-features upgrade --feature transaction.version=2): below it a writer that was cut off"
                    + " can leave records in its successor's transaction."));
        }
    }

    private static void brokers(TopicAdmin admin, Collection<TopicSpec> wanted, List<Finding> findings) {
        long needed = wanted.stream().mapToLong(TopicChecks::limit).max().orElse(0);
        List<ConfigResource> resources =
                admin.await("list the brokers", admin.admin().describeCluster().nodes()).stream()
                        .map(Node::idString)
                        .map(id -> new ConfigResource(ConfigResource.Type.BROKER, id))
                        .toList();
        Map<ConfigResource, Config> configs = admin.await(
                "read the broker settings",
                admin.admin().describeConfigs(resources).all());
        for (ConfigResource broker : resources) {
            BrokerChecks.check(broker.name(), configs.get(broker), needed, findings);
        }
    }
}
