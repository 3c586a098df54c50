package sightline.pipeline.topology;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import sightline.config.ledger.Ledger;
import sightline.config.site.Site;
import sightline.config.time.TimeSource;
import sightline.pipeline.web.DashboardServer;
import sightline.pipeline.web.Readiness;
import sightline.pipeline.web.SiteView;
import sightline.pipeline.web.SystemFacts;
import sightline.pipeline.web.WebSettings;
import sightline.sensors.broker.EmbeddedBroker;
import sightline.sensors.scene.Plaza;
import sightline.sensors.scene.PlazaSettings;
import sightline.sensors.scene.SimulatedCamera;
import sightline.sensors.scene.SimulatedRadar;

/**
 * The whole pipeline in one process: broker, simulated plaza, fusion, page. Starting takes a few seconds; closing takes
 * everything down in reverse order.
 */
public final class Demo implements AutoCloseable {
    /**
     * What to start.
     *
     * @param seed of the plaza
     * @param bootstrapServers of a cluster, or empty for the embedded broker
     * @param web address and limits of the page
     */
    public record Options(long seed, Optional<String> bootstrapServers, WebSettings web) {}

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final List<Stage> stages = new ArrayList<>();
    private final Bus bus;
    private final DashboardServer page;
    private final LivePicture picture;

    private Demo(Options options) throws IOException {
        TimeSource time = TimeSource.system();
        Plaza plaza = Plaza.of(PlazaSettings.of(options.seed()).startingAt(time.nanos()));
        String bootstrap;
        if (options.bootstrapServers().isPresent()) {
            bootstrap = options.bootstrapServers().get();
        } else {
            EmbeddedBroker broker = own(EmbeddedBroker.temporary());
            bootstrap = broker.bootstrapServers();
        }
        Site site = plaza.site();
        this.bus = own(Bus.connect(bootstrap, site, Ledger.create(time), time));
        this.picture =
                stage(new LivePicture(bus, SiteView.of(site), new NoCommands(), () -> SystemFacts.NONE, this::readiness)
                        .start());
        stage(CentralFusion.start(bus, site));
        startScene(plaza, site, time);
        this.page = own(DashboardServer.start(picture, options.web()));
    }

    public static Demo start(Options options) throws IOException {
        return new Demo(options);
    }

    private void startScene(Plaza plaza, Site site, TimeSource time) {
        Scheduler timer = Schedulers.newParallel("plaza", 2, true);
        running.push(timer::dispose);
        for (SimulatedCamera camera : plaza.cameras()) {
            stage(MessageFeed.start(
                    "detections of " + camera.name(),
                    bus,
                    PlazaFeeds.detections(camera, time, timer),
                    d -> PlazaFeeds.record(site, d)));
        }
        for (SimulatedRadar radar : plaza.radars()) {
            stage(MessageFeed.start(
                    radar.name(), bus, PlazaFeeds.scans(radar, time, timer), s -> PlazaFeeds.record(site, s)));
        }
        stage(MessageFeed.start("truth", bus, PlazaFeeds.truth(plaza, time, timer), r -> r));
    }

    private <T extends AutoCloseable> T own(T resource) {
        running.push(resource);
        return resource;
    }

    private <T extends Stage> T stage(T stage) {
        stages.add(stage);
        return own(stage);
    }

    public String url() {
        return page.url();
    }

    /** What the page shows, for those who watch without one. */
    public LivePicture picture() {
        return picture;
    }

    private List<Readiness> readiness() {
        return Flux.fromIterable(List.copyOf(stages))
                .map(s -> new Readiness(s.name(), s.trouble().isEmpty(), s.trouble()))
                .collectList()
                .block();
    }

    @Override
    public void close() {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception e) {
                // The rest must be taken down whatever one of them says.
                Thread.currentThread().getUncaughtExceptionHandler().uncaughtException(Thread.currentThread(), e);
            }
        }
    }
}
