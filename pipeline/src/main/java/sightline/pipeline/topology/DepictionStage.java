package sightline.pipeline.topology;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topics;
import sightline.config.domain.Brief;
import sightline.config.domain.Origin;
import sightline.config.domain.RenderRequest;
import sightline.config.domain.RenderResult;
import sightline.config.evidence.EvidenceLabel;
import sightline.config.evidence.EvidenceStore;
import sightline.operators.depict.Depictor;
import sightline.operators.depict.ReadBackGate;
import sightline.operators.depict.SchematicDepictor;
import sightline.operators.depict.Studio;
import sightline.operators.depict.Waiting;
import sightline.pipeline.metrics.MemoryLine;
import sightline.sensors.kafka.ConsumerProfile;
import sightline.sensors.kafka.Inbound;
import sightline.sensors.kafka.Intake;
import sightline.sensors.kafka.KafkaSource;
import sightline.sensors.kafka.Outbound;

/**
 * The side branch: requests for pictures in, pictures out, and never in anybody's way.
 *
 * <p>A thread that yields to every other draws one picture at a time and then the branch rests as the {@link Arbiter} says,
 * so that it never takes more than its share of a core. A depictor that hangs is cancelled. Previews leave as they come. Waiting requests are bounded; who gives way is told why. Its own consumer group
 * lets it run in another process. A request is acknowledged when it is answered, so one that was being drawn when the
 * branch died is drawn by its successor; one that is answered already, here or in another process, is not drawn again.
 */
public final class DepictionStage implements Stage {
    /**
     * How much of the machine.
     *
     * @param waiting most requests that wait
     * @param longest that one picture may take; what takes longer hangs
     */
    public record Limits(int waiting, Duration longest) {
        public static final Limits DEFAULT = new Limits(64, Duration.ofSeconds(60));
    }

    private static final Logger LOG = LoggerFactory.getLogger(DepictionStage.class);
    private static final int ANSWERED_KEPT = 4096;
    /** How long a result may take to be stored. */
    private static final Duration STORAGE = Duration.ofSeconds(30);

    private final Bus bus;
    private final EvidenceStore store;
    private final Limits limits;
    private final Waiting waiting;
    private final Studio studio;
    private final KafkaSource source;
    private final Scheduler thread;
    private final Easel easel;
    private final Erasure erasure = new Erasure();
    /** Records of requests that are not answered yet. Guarded by itself. */
    private final Map<String, Inbound> open = new LinkedHashMap<>();

    private final Set<String> answered = java.util.Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > ANSWERED_KEPT;
        }
    });
    private final AtomicReference<String> trouble = new AtomicReference<>("");
    private final Disposable.Composite subscriptions = Disposables.composite();
    private volatile boolean closed;

    private DepictionStage(Bus bus, EvidenceStore store, List<Depictor> depictors, ReadBackGate gate, Limits limits) {
        this.bus = bus;
        this.store = store;
        this.limits = limits;
        this.waiting = new Waiting(limits.waiting());
        this.thread = bus.arbiter().thread("depiction", Claim.PREVIEW);
        this.easel = new Easel(bus.arbiter());
        this.studio = new Studio(depictors, gate, this::shelve, bus.time());
        recall();
        subscriptions.add(Reading.newestInTime(bus, Topics.RENDER_RESULT, Codecs.RENDER_RESULT, "depiction-answers")
                .subscribe(this::remember, failure -> trouble.set("the branch is deaf: " + failure.getMessage())));
        this.source = bus.reader("depiction")
                .intake(Intake.group("depiction", Topics.RENDER_REQUEST.name()))
                .profile(ConsumerProfile.messages().patient())
                .maxInFlight(2 * limits.waiting())
                .build();
        subscriptions.add(source.records()
                .subscribe(this::hear, failure -> trouble.set("the branch stopped: " + failure.getMessage())));
        thread.schedule(this::work);
    }

    public static DepictionStage start(
            Bus bus, EvidenceStore store, List<Depictor> depictors, ReadBackGate gate, Limits limits) {
        return new DepictionStage(bus, store, depictors, gate, limits);
    }

    /** What was answered before this process began. */
    private void recall() {
        KafkaSource results = bus.reader("depiction-recall")
                .intake(Intake.all(Topics.RENDER_RESULT.name(), Intake.oldest()))
                .untilEnd()
                .build();
        results.records()
                .doOnNext(inbound -> Reading.decode(inbound, Codecs.RENDER_RESULT, (result, record) -> {
                    record.acknowledge();
                    remember(result);
                }))
                .then()
                .onErrorComplete()
                .block(Duration.ofSeconds(20));
    }

    private void hear(Inbound inbound) {
        if (inbound.tombstone()) {
            erasure.forbid(inbound);
            // On the thread that draws: what is being drawn of it is stored by then, and goes with the rest.
            thread.schedule(() -> erase(inbound));
        } else {
            Reading.decode(inbound, Codecs.RENDER_REQUEST, this::take);
        }
    }

    private void erase(Inbound inbound) {
        try {
            int gone = Erasure.erase(inbound, store);
            LOG.info("{} was erased, and with it {} depictions", inbound.key(), gone);
            inbound.acknowledge();
        } catch (IOException e) {
            trouble.set("an erasure failed: " + e.getMessage());
            inbound.deadLetter("erase", e);
        }
    }

    private void take(RenderRequest request, Inbound inbound) {
        synchronized (open) {
            if (answered.contains(request.id()) || open.putIfAbsent(request.id(), inbound) != null) {
                inbound.acknowledge();
                waiting.raise(request);
                return;
            }
        }
        waiting.offer(request, bus.time().nanos()).forEach(this::refuse);
    }

    /** Waits for nobody, so that the refusals of a flood leave together; a request whose refusal was not stored stays open. */
    private void refuse(Waiting.Refusal refusal) {
        RenderRequest request = refusal.request();
        RenderResult no = studio.without(request, "-", RenderResult.Verdict.REFUSED, refusal.reason());
        bus.sink()
                .send(record(request, no))
                .subscribe(
                        sent -> {
                            remember(no);
                            settle(request);
                        },
                        failure -> trouble.set("a refusal could not be sent: " + failure.getMessage()));
    }

    /** Draws what waits, then rests so long that the share is kept; polls while nothing waits. */
    private void work() {
        long restMillis = 20;
        try {
            List<Waiting.Refusal> refusals = new ArrayList<>();
            var next = waiting.poll(bus.time().nanos(), refusals);
            refusals.forEach(this::refuse);
            Optional<String> forbidden = next.flatMap(request -> erasure.forbids(request.brief()));
            if (forbidden.isPresent()) {
                refuse(new Waiting.Refusal(next.get(), forbidden.get()));
            } else if (next.isPresent() && !settled(next.get())) {
                long began = System.nanoTime();
                draw(next.get());
                Duration worked = Duration.ofNanos(System.nanoTime() - began);
                restMillis = bus.arbiter().rest(claim(next.get()), worked).toMillis();
            }
        } catch (RuntimeException e) {
            // What a closing branch leaves undone is not acknowledged, so its successor draws it.
            if (!closed) {
                LOG.warn("a depiction failed", e);
                trouble.set("the last depiction failed: " + e.getMessage());
            }
        } finally {
            if (!closed) {
                thread.schedule(this::work, restMillis, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** A schematic is drawn in a moment, so it comes before what takes long. */
    private static Claim claim(RenderRequest request) {
        return request.depictor().equals(SchematicDepictor.NAME) ? Claim.PREVIEW : Claim.FINAL;
    }

    /** Whether another process has answered meanwhile. */
    private boolean settled(RenderRequest request) {
        synchronized (open) {
            if (!answered.contains(request.id())) {
                return false;
            }
        }
        settle(request);
        return true;
    }

    private void draw(RenderRequest request) {
        long left = request.deadlineNanos() - bus.time().nanos();
        Duration most = Duration.ofNanos(Math.min(left, limits.longest().toNanos()));
        answer(
                request,
                easel.on(claim(request), studio.draw(request), most)
                        .onErrorResume(TimeoutException.class, e -> studio.failed(request, e.getMessage()))
                        // Not even the schematic could be kept: who asked is told why, and nobody waits for ever.
                        .onErrorResume(e -> Flux.just(studio.without(
                                request, "-", RenderResult.Verdict.FAILED, String.valueOf(e.getMessage())))));
    }

    /** Publishes the results as they come; the last one settles the request. */
    private void answer(RenderRequest request, Flux<RenderResult> results) {
        results.concatMap(result -> bus.sink().send(record(request, result)).doOnNext(sent -> remember(result)))
                .blockLast(limits.longest().plus(STORAGE));
        settle(request);
    }

    private void settle(RenderRequest request) {
        synchronized (open) {
            Inbound inbound = open.remove(request.id());
            if (inbound != null) {
                inbound.acknowledge();
            }
        }
    }

    private void remember(RenderResult result) {
        if (result.progress() >= 1) {
            synchronized (open) {
                answered.add(result.event() + "|" + result.viewpoint() + "|" + result.depictor() + "|" + result.seed());
            }
        }
    }

    private Outbound record(RenderRequest request, RenderResult result) {
        return Bus.message(
                Topics.RENDER_RESULT,
                Codecs.RENDER_RESULT,
                result.event(),
                request.brief().timeNanos(),
                result);
    }

    private String shelve(byte[] png, Brief brief) {
        Set<String> tracks = Erasure.tracksOf(brief).collect(Collectors.toSet());
        try {
            return store.put(
                            ByteBuffer.wrap(png),
                            new EvidenceLabel(
                                    "image/png", Origin.SYNTHETIC, brief.timeNanos(), Set.of(brief.event()), tracks))
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String name() {
        return "depiction";
    }

    @Override
    public String trouble() {
        return trouble.get();
    }

    @Override
    public List<MemoryLine> memory() {
        return List.of(Reading.bound(name(), source));
    }

    @Override
    public void close() {
        closed = true;
        subscriptions.dispose();
        Reading.awaitEnd(source);
        easel.close();
        thread.dispose();
    }
}
