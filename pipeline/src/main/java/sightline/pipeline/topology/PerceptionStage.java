package sightline.pipeline.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import sightline.config.contract.Codecs;
import sightline.config.contract.FrameHeaders;
import sightline.config.contract.MalformedRecordException;
import sightline.config.contract.Topics;
import sightline.config.domain.Detections;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.Frame;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.Masks;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Poses;
import sightline.config.domain.Segmentation;
import sightline.config.domain.SensorStatus;
import sightline.config.ledger.Ticket;
import sightline.config.site.Rehearsal;
import sightline.config.site.Site;
import sightline.config.time.StampRules;
import sightline.kernels.weights.Weights;
import sightline.operators.perception.CloserLook;
import sightline.operators.perception.FreshestBatches;
import sightline.operators.perception.Look;
import sightline.operators.perception.Perceiver;
import sightline.pipeline.metrics.MemoryLine;
import sightline.sensors.decode.JpegDecoder;
import sightline.sensors.decode.JpegLimits;
import sightline.sensors.decode.PixelPool;
import sightline.sensors.decode.UnreadablePictureException;
import sightline.sensors.kafka.ConsumerProfile;
import sightline.sensors.kafka.Inbound;
import sightline.sensors.kafka.Intake;
import sightline.sensors.kafka.KafkaSource;
import sightline.sensors.kafka.Outbound;
import sightline.sensors.kafka.Sent;

/**
 * Frames from Kafka to detections in Kafka, as a member of the group {@code perception}: start it in more processes and
 * they share the cameras.
 *
 * <p>Newest frame of each camera first; what is superseded is never even decoded. Decoding, networks and their buffers
 * live on one thread, results are waited for on another: while a detector's device is at work on one batch the next is
 * prepared for it, gathered as late as leaves it no pause. Where the detector's device gains from it, frames of several
 * cameras are seen together, and where it decodes JPEG itself they go there as they came: their pixels then never exist
 * in this machine's memory. A frame that comes again is passed over, and one whose clock cannot be believed is given the
 * time at which it must have been exposed. A camera's heartbeat goes on to fusion behind the frames before it. A frame's
 * record is acknowledged when its detections are stored, its pixels go back to the pool as soon as the networks have
 * seen them.
 */
public final class PerceptionStage implements Stage {
    /**
     * How much work and memory.
     *
     * @param maxBatch most frames that are looked at before their results leave; 0 for as many as pay on what the detector
     *     runs on, which on a CPU is one
     * @param oldest frames older than this are not worth a look
     * @param pixelBytes bound of decoded pixels
     * @param largestFrame bytes of a compressed frame
     * @param frozenAfter a camera that repeats one picture for so long stands still
     */
    public record Limits(int maxBatch, Duration oldest, long pixelBytes, int largestFrame, Duration frozenAfter) {
        public static final Limits DEFAULT =
                new Limits(0, Duration.ofSeconds(2), 96L << 20, 2 << 20, Duration.ofSeconds(2));
    }

    /**
     * The networks at work. Poses and label maps are optional and cost time on the same thread.
     *
     * @param detector always
     * @param poser if poses are wanted
     * @param segmenter if label maps are wanted
     * @param cutter if a mask of each thing is wanted; on a thread of its own, for the frames that it has time for
     * @param weights that they read, closed after them
     */
    record Networks(
            SwappableDetector detector,
            Optional<? extends Perceiver<Poses>> poser,
            Optional<? extends Perceiver<Segmentation>> segmenter,
            Optional<? extends CloserLook<Masks>> cutter,
            List<Weights> weights)
            implements AutoCloseable {
        Networks(SwappableDetector detector) {
            this(detector, Optional.empty(), Optional.empty(), Optional.empty(), List.of());
        }

        /** All but the cutter, whose own thread has to end first. */
        @Override
        public void close() {
            detector.close();
            poser.ifPresent(Perceiver::close);
            segmenter.ifPresent(Perceiver::close);
            weights.forEach(Weights::close);
        }
    }

    /** Its name in the ledger. */
    public static final String STAGE = "perception";

    private static final Logger LOG = LoggerFactory.getLogger(PerceptionStage.class);
    /** A picture that is first looked at later than this after its exposure is behind. */
    private static final Duration LATE = Duration.ofMillis(300);
    /** Batches between the two threads; the detector's own room is what bounds them. */
    private static final int UNDER_WAY = 8;

    private final Bus bus;
    private final Site site;
    private final Site doubles;
    private final Networks networks;
    private final Optional<Afterlook> afterlook;
    private final Limits limits;
    private final JpegDecoder decoder = JpegDecoder.best(JpegLimits.DEFAULT);
    private final PixelPool pool;
    private final LargeFrames large;
    private final FrozenPictures pictures;
    /** Cameras that stand still. */
    private final Set<String> still = new HashSet<>();

    private final SensorClocks clocks;
    /** Of each camera, the ticket of the frame that came last. */
    private final Map<String, Ticket> newest = new HashMap<>();

    private final Scheduler thread;
    /** Where results are waited for while the next batch is begun. */
    private final Scheduler finishing;

    private final AtomicReference<String> trouble = new AtomicReference<>("no frame yet");
    private final KafkaSource source;
    private final Disposable subscription;

    private PerceptionStage(Bus bus, Site site, Networks networks, LargeFrames large, Limits limits) {
        this.large = large;
        this.bus = bus;
        this.site = site;
        this.doubles = Rehearsal.of(site);
        this.networks = networks;
        this.afterlook = networks.cutter().map(cutter -> new Afterlook(bus, site, cutter));
        this.limits = limits;
        this.pool = PixelPool.of(limits.pixelBytes());
        this.pictures = new FrozenPictures(limits.frozenAfter());
        this.clocks = bus.clocks(STAGE, StampRules.CAMERA);
        this.thread = bus.arbiter().thread(STAGE, Claim.MAIN);
        this.finishing = bus.arbiter().thread(STAGE + "-results", Claim.MAIN);
        this.source = bus.reader(STAGE)
                .intake(Intake.group(STAGE, Topics.FRAME_CAMERA.name()))
                .profile(ConsumerProfile.video(
                        limits.largestFrame(), site.sensors().size()))
                .property("fetch.max.wait.ms", Reading.UNHURRIED)
                // One of each camera waits; of each, one may be in every batch that is under way and one be stored.
                .maxInFlight(Math.max(64, 8 * site.sensors().size()))
                .build();
        Flux<Arrival<EncodedFrame>> arrivals = source.records().mapNotNull(this::admit);
        Flux<Done> done = FreshestBatches.of(
                        arrivals, a -> a.value().header().camera(), this::maxBatch, Arrival::superseded)
                // One batch at a time: the next is gathered while this one is at work, and not before it is asked for.
                .publishOn(thread, 1)
                .map(this::begin)
                .publishOn(finishing, UNDER_WAY)
                .flatMapIterable(this::finish, 1)
                .doOnDiscard(Begun.class, Begun::close);
        this.subscription = done.concatMap(this::publish, 16).subscribe(arrival -> {}, failure -> {
            trouble.set("perception stopped: " + failure.getMessage());
            LOG.error("perception stopped", failure);
        });
    }

    private int maxBatch() {
        return limits.maxBatch() > 0 ? limits.maxBatch() : networks.detector().batch();
    }

    static PerceptionStage start(Bus bus, Site site, Networks networks, LargeFrames large, Limits limits) {
        return new PerceptionStage(bus, site, networks, large, limits);
    }

    /** What one frame gave. */
    private record Done(Arrival<EncodedFrame> arrival, List<Outbound> records) {}

    private Arrival<EncodedFrame> admit(Inbound inbound) {
        if (inbound.tombstone()) {
            inbound.acknowledge();
            return null;
        }
        try {
            FrameHeader header = FrameHeaders.read(inbound.key(), inbound::header);
            if (FrameHeaders.isHeartbeat(inbound::header)) {
                pass(header);
                inbound.acknowledge();
                return null;
            }
            Ticket ticket = bus.ledger().open(header.camera(), STAGE, header.epoch(), header.sequence());
            return admit(header, inbound, ticket);
        } catch (MalformedRecordException e) {
            inbound.deadLetter("admit", e);
            return null;
        }
    }

    /** Why a frame is not looked at, if it is none of this site's or of its drills'. */
    private Optional<String> stranger(FrameHeader header) {
        Site known = Rehearsal.isDouble(header.camera()) ? doubles : site;
        if (known.sensor(header.camera()).isEmpty()) {
            return Optional.of("camera " + header.camera() + " is not in the roster");
        }
        return Rehearsed.mistaken(header.camera(), header.origin())
                ? Optional.of(Rehearsed.mistake(header.camera(), header.origin()))
                : Optional.empty();
    }

    private Arrival<EncodedFrame> admit(FrameHeader header, Inbound inbound, Ticket ticket) {
        Optional<String> stranger = stranger(header);
        FrameHeader received = stranger.isEmpty() && !ticket.redelivered() ? received(header) : header;
        Arrival<EncodedFrame> arrival = new Arrival<>(
                new EncodedFrame(received, "image/jpeg", ByteBuffer.wrap(inbound.value())), inbound, ticket);
        if (stranger.isPresent()) {
            arrival.invalid("admit", new MalformedRecordException(stranger.get()));
            return null;
        }
        if (ticket.redelivered()) {
            arrival.redelivered();
            return null;
        }
        newest.put(header.camera(), ticket);
        if (isOld(received) || standsStill(arrival)) {
            arrival.stale();
            return null;
        }
        return arrival;
    }

    /** The header with a time that can be believed, and this stage's time of receipt, from which its own delay counts. */
    private FrameHeader received(FrameHeader header) {
        long now = bus.time().nanos();
        ObservationTime mended = clocks.mended(header.camera(), header.origin(), header.time(), now);
        return header.withTime(mended.received(now));
    }

    private boolean isOld(FrameHeader header) {
        return bus.time().nanos() - header.time().exposureNanos()
                > limits.oldest().toNanos();
    }

    /**
     * Tells fusion that a camera has nothing new. While a frame before it is at work it must wait, and need not: the frame
     * will speak for the camera, and the next heartbeat comes soon.
     */
    private void pass(FrameHeader heartbeat) {
        Ticket last = newest.get(heartbeat.camera());
        if (site.sensor(heartbeat.camera()).isEmpty() || last != null && !last.closed()) {
            return;
        }
        FrameHeader received = received(heartbeat);
        if (!isOld(received)) {
            bus.sink()
                    .send(Records.heartbeat(site, received))
                    .subscribe(sent -> {}, e -> LOG.debug("a heartbeat of {} was not stored", heartbeat.camera(), e));
        }
    }

    /** A picture of the past tells nothing of now: it is left out, and people are told why, once. */
    private boolean standsStill(Arrival<EncodedFrame> arrival) {
        FrameHeader header = arrival.value().header();
        ByteBuffer shown = LargeFrames.reference(arrival.record())
                .map(ref -> ByteBuffer.wrap(ref.getBytes(UTF_8)))
                .orElse(arrival.value().payload());
        boolean frozen = pictures.frozen(header.camera(), shown, header.time().exposureNanos());
        if (frozen != still.contains(header.camera())) {
            if (frozen) {
                still.add(header.camera());
            } else {
                still.remove(header.camera());
            }
            tell(header, frozen);
        }
        return frozen;
    }

    private void tell(FrameHeader header, boolean frozen) {
        long now = bus.time().nanos();
        SensorStatus status = new SensorStatus(
                header.camera(),
                frozen ? SensorStatus.State.STALLED : SensorStatus.State.LIVE,
                now,
                0,
                header.time().clockId(),
                header.time().sigmaNanos(),
                frozen ? "its clock runs on and its picture stands still" : "",
                header.origin());
        bus.sink()
                .send(Bus.message(Topics.STATUS_SENSOR, Codecs.STATUS, header.camera(), now, status))
                .subscribe(sent -> {}, failure -> LOG.debug("status of {} was not stored", header.camera(), failure));
    }

    /**
     * A batch that is being looked at.
     *
     * @param readable those of the batch that could be decoded, or may be
     * @param frames theirs, closed with this
     * @param failure why it was not begun
     */
    private record Begun(
            List<Arrival<EncodedFrame>> batch,
            List<Arrival<EncodedFrame>> readable,
            List<Frame> frames,
            Optional<Seeing> seeing,
            Optional<RuntimeException> failure)
            implements AutoCloseable {
        @Override
        public void close() {
            seeing.ifPresent(s -> s.detections.close());
            frames.forEach(Frame::close);
        }
    }

    /** What each network makes of a batch. */
    private record Seeing(Look<Detections> detections, List<Poses> poses, List<Segmentation> masks) {}

    /** Returns when the next batch should be gathered. */
    private Begun begin(List<Arrival<EncodedFrame>> batch) {
        if (bus.time().nanos() - batch.getFirst().value().header().time().exposureNanos() > LATE.toNanos()) {
            bus.arbiter().behind(Claim.MAIN);
        }
        Begun begun = looking(batch, networks.detector()::begin);
        networks.detector().awaitTurn();
        return begun;
    }

    private Begun looking(List<Arrival<EncodedFrame>> batch, Function<List<Frame>, Look<Detections>> look) {
        List<Arrival<EncodedFrame>> readable = new ArrayList<>(batch.size());
        List<Frame> frames = new ArrayList<>(batch.size());
        try {
            for (Arrival<EncodedFrame> arrival : batch) {
                decode(arrival).ifPresent(frame -> {
                    readable.add(arrival);
                    frames.add(frame);
                });
            }
            Optional<Seeing> seeing = frames.isEmpty() ? Optional.empty() : Optional.of(see(frames, look));
            return new Begun(batch, readable, frames, seeing, Optional.empty());
        } catch (RuntimeException failure) {
            return new Begun(batch, readable, frames, Optional.empty(), Optional.of(failure));
        }
    }

    /** Nothing is begun on the thread that waits for results: where a device has no room it waits for this very thread. */
    private Begun lookingAgain(Arrival<EncodedFrame> arrival) {
        return looking(List.of(arrival), frames -> Look.at(networks.detector().perceive(frames)));
    }

    /** One thread at a time: batches that are begun meet those that are looked at again one by one. */
    private Seeing see(List<Frame> frames, Function<List<Frame>, Look<Detections>> look) {
        synchronized (networks) {
            Look<Detections> detections = look.apply(frames);
            try {
                return new Seeing(
                        detections,
                        networks.poser().map(p -> p.perceive(frames)).orElse(List.of()),
                        networks.segmenter().map(s -> s.perceive(frames)).orElse(List.of()));
            } catch (RuntimeException failure) {
                detections.close();
                throw failure;
            }
        }
    }

    private List<Done> finish(Begun begun) {
        try (begun) {
            if (begun.failure.isPresent()) {
                throw begun.failure.get();
            }
            return begun.seeing
                    .map(seeing -> results(begun.readable, begun.frames, seeing))
                    .orElse(List.of());
        } catch (UnreadablePictureException e) {
            // Found where its pixels were first wanted: the others are seen without it.
            if (begun.readable.size() > 1) {
                return begun.readable.stream()
                        .flatMap(a -> finish(lookingAgain(a)).stream())
                        .toList();
            }
            begun.readable.getFirst().invalid("decode", e);
            return List.of();
        } catch (RuntimeException e) {
            LOG.warn("a batch of {} frames failed", begun.batch.size(), e);
            trouble.set("the last batch failed: " + e.getMessage());
            begun.batch.forEach(Arrival::failed);
            return List.of();
        }
    }

    private Optional<Frame> decode(Arrival<EncodedFrame> arrival) {
        try {
            EncodedFrame frame = arrival.value();
            // Fetched no earlier than here: a frame that is superseded need not be read.
            ByteBuffer picture = large.picture(arrival.record());
            EncodedFrame whole = new EncodedFrame(frame.header(), frame.contentType(), picture);
            return Optional.of(
                    networks.detector().decodes() ? decoder.later(whole, pool) : decoder.decode(whole, pool));
        } catch (UnreadablePictureException | MalformedRecordException e) {
            arrival.invalid("decode", e);
            return Optional.empty();
        }
    }

    private List<Done> results(List<Arrival<EncodedFrame>> arrivals, List<Frame> frames, Seeing seeing) {
        List<Detections> detections = seeing.detections.results();
        List<Poses> poses = seeing.poses;
        List<Segmentation> masks = seeing.masks;
        afterlook.ifPresent(a -> a.offer(frames.getLast(), detections.getLast().detections()));
        trouble.set("");
        List<Done> done = new ArrayList<>(arrivals.size());
        for (int i = 0; i < arrivals.size(); i++) {
            List<Outbound> records = new ArrayList<>(3);
            if (!poses.isEmpty()) {
                records.add(Records.poses(site, poses.get(i)));
            }
            if (!masks.isEmpty()) {
                records.add(Records.masks(site, masks.get(i)));
            }
            records.add(Records.detections(site, processed(detections.get(i))));
            done.add(new Done(arrivals.get(i), records));
        }
        return done;
    }

    private Detections processed(Detections d) {
        FrameHeader frame = d.frame();
        return new Detections(frame.withTime(frame.time().processed(bus.time().nanos())), d.detections(), d.model());
    }

    private Flux<Sent> publish(Done done) {
        return bus.sink()
                .send(Flux.fromIterable(done.records))
                .doOnNext(sent -> {
                    if (sent instanceof Sent.Refused refused) {
                        trouble.set("the broker refused a result: "
                                + refused.cause().getMessage());
                        done.arrival.failed();
                    }
                })
                .doOnComplete(done.arrival::done);
    }

    @Override
    public String name() {
        return STAGE;
    }

    @Override
    public String trouble() {
        return trouble.get().isEmpty() ? afterlook.map(Afterlook::trouble).orElse("") : trouble.get();
    }

    @Override
    public List<MemoryLine> memory() {
        return List.of(
                Reading.bound(STAGE, source),
                new MemoryLine("decoded pixels", "direct", pool.usedBytes(), pool.limitBytes()));
    }

    @Override
    public void close() {
        subscription.dispose();
        bus.forget(clocks);
        Reading.awaitEnd(source);
        thread.disposeGracefully().block(Duration.ofSeconds(2));
        finishing.disposeGracefully().block(Duration.ofSeconds(2));
        afterlook.ifPresent(Afterlook::close);
        networks.close();
        decoder.close();
        pool.close();
    }
}
