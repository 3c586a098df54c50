package sightline.pipeline.topology;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import sightline.config.time.Instants;
import sightline.pipeline.metrics.Lag;
import sightline.sensors.kafka.BrokerUnavailableException;
import sightline.sensors.kafka.LagMeter;

/**
 * Watches the cluster: whether it answers, and how far every consumer group is behind. While it does not answer, every
 * stage only waits, so this is where "broker away" is said.
 */
final class ClusterWatch implements Stage {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterWatch.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Bus bus;
    private final LagMeter meter;
    private final Scheduler thread = Schedulers.newSingle("cluster-watch", true);
    private volatile List<Lag> lags = List.of();
    private volatile String trouble = "";

    private ClusterWatch(Bus bus) {
        this.bus = bus;
        this.meter = LagMeter.connect(bus.bootstrapServers(), PATIENCE, bus.time());
        thread.schedulePeriodically(this::look, 0, 1, TimeUnit.SECONDS);
    }

    static ClusterWatch start(Bus bus) {
        return new ClusterWatch(bus);
    }

    private void look() {
        try {
            lags = meter.measure().stream()
                    .map(l -> new Lag(l.topic(), l.group(), l.seconds(), l.records()))
                    .toList();
            if (!trouble.isEmpty()) {
                LOG.info("the broker is back");
                trouble = "";
            }
        } catch (BrokerUnavailableException e) {
            if (trouble.isEmpty() && !thread.isDisposed()) {
                trouble = "broker away since " + Instants.format(bus.time().nanos()) + ": " + e.getMessage() + ".";
                LOG.warn("{}", trouble);
            }
        }
    }

    /** As last measured; the last figures stay while the broker is away. */
    List<Lag> lags() {
        return lags;
    }

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public String trouble() {
        return trouble;
    }

    @Override
    public void close() {
        thread.dispose();
        meter.close();
    }
}
