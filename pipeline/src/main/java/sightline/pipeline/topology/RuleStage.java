package sightline.pipeline.topology;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topics;
import sightline.config.domain.Event;
import sightline.config.site.Site;
import sightline.operators.rules.Evidence;
import sightline.operators.rules.RuleEngine;
import sightline.operators.rules.RuleMeasures;
import sightline.operators.rules.RuleSettings;

/**
 * Fused ticks to events. What is judged is a whole tick as the topic has it, also one without tracks, so that the outcome
 * depends on the topic's content and not on a clock. Everything runs on one thread; zones may change at any time and take effect
 * with the next tick.
 */
public final class RuleStage implements Stage {
    private static final Logger LOG = LoggerFactory.getLogger(RuleStage.class);

    private final Scheduler thread = Schedulers.newSingle("rules", true);
    private final Disposable.Composite subscriptions = Disposables.composite();
    private final AtomicReference<String> trouble = new AtomicReference<>("no tick yet");
    private final RuleMeasures by;
    private final RuleEngine engine;

    private RuleStage(Bus bus, Lookout lookout, Site site, RuleMeasures by, Evidence evidence) {
        this.by = by;
        this.engine = new RuleEngine(site, RuleSettings.defaults(site, by), evidence);
        Flux<Event> events = lookout.ticks().publishOn(thread).concatMapIterable(this::judge);
        subscriptions.add(bus.sink()
                .send(events.map(e -> Bus.message(Topics.EVENT_RULE, Codecs.EVENT, e.id(), e.timeNanos(), e)))
                .subscribe(sent -> {}, this::failed));
        subscriptions.add(lookout.poses().publishOn(thread).subscribe(engine::onPoses, this::failed));
        subscriptions.add(lookout.statuses().publishOn(thread).subscribe(engine::onStatus, this::failed));
    }

    static RuleStage start(Bus bus, Lookout lookout, Site site, RuleMeasures by, Evidence evidence) {
        return new RuleStage(bus, lookout, site, by, evidence);
    }

    private List<Event> judge(SceneTick tick) {
        trouble.set("");
        return engine.onTick(tick.tick(), tick.timeNanos(), tick.tracks());
    }

    /** Rules over another site: zones that did not change keep who is inside. */
    public void reload(Site site) {
        thread.schedule(() -> engine.reload(site, RuleSettings.defaults(site, by)));
    }

    private void failed(Throwable failure) {
        trouble.set("rules stopped: " + failure.getMessage());
        LOG.error("rules stopped", failure);
    }

    @Override
    public String name() {
        return "rules";
    }

    @Override
    public String trouble() {
        return trouble.get();
    }

    @Override
    public void close() {
        subscriptions.dispose();
        thread.dispose();
    }
}
