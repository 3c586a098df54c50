package sightline.sensors.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Creates and describes topics.
 *
 * <p><b>Threading:</b> safe from any thread; every method blocks for at most the timeout given at construction.
 * <b>Failure:</b> {@link BrokerUnavailableException} names the address and the cause. <b>Ownership:</b> close it.
 */
public final class TopicAdmin implements AutoCloseable {
    private final String bootstrapServers;
    private final Duration timeout;
    private final Admin admin;

    private TopicAdmin(String bootstrapServers, Duration timeout, Admin admin) {
        this.bootstrapServers = bootstrapServers;
        this.timeout = timeout;
        this.admin = admin;
    }

    /** Connects lazily; the first call finds out whether anybody is there. */
    public static TopicAdmin connect(String bootstrapServers) {
        return connect(bootstrapServers, Duration.ofSeconds(20));
    }

    /** Connects lazily, with a bound on each call. */
    public static TopicAdmin connect(String bootstrapServers, Duration timeout) {
        int millis = Math.toIntExact(timeout.toMillis());
        Map<String, Object> properties = Clients.common(bootstrapServers, "sightline-admin");
        properties.put("request.timeout.ms", millis);
        properties.put("default.api.timeout.ms", millis);
        return new TopicAdmin(bootstrapServers, timeout, Admin.create(properties));
    }

    /**
     * Creates those topics that do not exist; existing ones are left as they are, whatever their settings.
     *
     * <p>Returns once the new topics can be written to.
     *
     * @return the names that were created now
     */
    public List<String> createMissing(Collection<TopicSpec> specs) {
        var results = admin.createTopics(
                        specs.stream().map(TopicSpec::toNewTopic).toList())
                .values();
        List<String> created = new ArrayList<>();
        for (TopicSpec spec : specs) {
            try {
                results.get(spec.name()).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
                created.add(spec.name());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw new BrokerUnavailableException("create topic " + spec.name(), bootstrapServers, e.getCause());
                }
            } catch (InterruptedException | TimeoutException e) {
                throw failed("create topic " + spec.name(), e);
            }
        }
        awaitLeaders(specs.stream().filter(s -> created.contains(s.name())).toList());
        return created;
    }

    /**
     * Waits until every partition answers. Its broker may learn of a new topic a moment after its creation is
     * confirmed; an idempotent producer whose first batch falls into that moment and whose second does not is refused
     * from then on as out of sequence.
     */
    private void awaitLeaders(List<TopicSpec> created) {
        Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
        for (TopicSpec spec : created) {
            for (int i = 0; i < spec.partitions(); i++) {
                partitions.put(new TopicPartition(spec.name(), i), OffsetSpec.latest());
            }
        }
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!partitions.isEmpty()) {
            try {
                await("reach the new topics", admin.listOffsets(partitions).all());
                return;
            } catch (BrokerUnavailableException e) {
                if (!(e.getCause() instanceof RetriableException) || System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    /** What the cluster knows of its topics, internal ones left out, by name. */
    public Map<String, TopicState> describe() {
        return describe(await("list topics", admin.listTopics().names()));
    }

    /** What the cluster knows of these topics; those that do not exist are absent from the answer. */
    public Map<String, TopicState> describe(Collection<String> names) {
        var existing = await("list topics", admin.listTopics().names());
        List<String> wanted = names.stream().filter(existing::contains).toList();
        var resources = wanted.stream()
                .map(n -> new ConfigResource(ConfigResource.Type.TOPIC, n))
                .toList();
        var descriptions = await("describe topics", admin.describeTopics(wanted).allTopicNames());
        var configs = await("describe topics", admin.describeConfigs(resources).all());
        Map<String, TopicState> states = new TreeMap<>();
        for (ConfigResource resource : resources) {
            TopicDescription description = descriptions.get(resource.name());
            states.put(resource.name(), state(description, configs.get(resource)));
        }
        return states;
    }

    private static TopicState state(TopicDescription description, Config config) {
        Map<String, String> settings = new HashMap<>();
        for (ConfigEntry entry : config.entries()) {
            if (entry.value() != null) {
                settings.put(entry.name(), entry.value());
            }
        }
        int replicas = description.partitions().stream()
                .mapToInt(p -> p.replicas().size())
                .min()
                .orElse(0);
        return new TopicState(description.name(), description.partitions().size(), replicas, Map.copyOf(settings));
    }

    /** Deletes topics; unknown names are an error. */
    public void delete(Collection<String> names) {
        await("delete topics", admin.deleteTopics(names).all());
    }

    Admin admin() {
        return admin;
    }

    <T> T await(String action, org.apache.kafka.common.KafkaFuture<T> future) {
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new BrokerUnavailableException(action, bootstrapServers, e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw failed(action, e);
        }
    }

    private BrokerUnavailableException failed(String action, Exception e) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return new BrokerUnavailableException(action, bootstrapServers, e);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(2));
    }
}
