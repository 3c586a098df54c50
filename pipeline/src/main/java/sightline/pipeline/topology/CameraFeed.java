package sightline.pipeline.topology;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topics;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.Origin;
import sightline.config.domain.SensorStatus;
import sightline.sensors.kafka.Outbound;
import sightline.sensors.kafka.Sent;

/** One camera's frames into Kafka: the edge. A frame that the broker refuses is logged with its reason and lost alone. */
public final class CameraFeed implements Stage {
    private static final Logger LOG = LoggerFactory.getLogger(CameraFeed.class);

    private static final Duration HEARTBEAT = Duration.ofSeconds(2);

    private final String camera;
    private final Bus bus;
    private final Disposable.Composite subscriptions = Disposables.composite();
    private final AtomicLong stored = new AtomicLong();
    private volatile Origin origin = Origin.LIVE;
    private volatile String clock = "";
    private final AtomicReference<String> trouble = new AtomicReference<>("no frame yet");

    private CameraFeed(String camera, Bus bus, Flux<EncodedFrame> frames) {
        this.camera = camera;
        this.bus = bus;
        Flux<Outbound> records = frames.subscribeOn(Schedulers.boundedElastic())
                .doOnNext(frame -> {
                    origin = frame.header().origin();
                    clock = frame.header().time().clockId();
                })
                .map(Records::frame);
        subscriptions.add(bus.sink().send(records).subscribe(this::reported, this::ended, () -> ended(null)));
        subscriptions.add(Flux.interval(HEARTBEAT).onBackpressureDrop().subscribe(beat -> tell(state())));
    }

    private SensorStatus.State state() {
        if (!trouble.get().isEmpty()) {
            return stored.get() == 0 ? SensorStatus.State.CONNECTING : SensorStatus.State.FAILED;
        }
        return stored.get() == 0 ? SensorStatus.State.STALLED : SensorStatus.State.LIVE;
    }

    /** Its state on the status topic, with the rate since it was last told. */
    private void tell(SensorStatus.State state) {
        long now = bus.time().nanos();
        double rate = stored.getAndSet(0) / (double) HEARTBEAT.toSeconds();
        SensorStatus status = new SensorStatus(camera, state, now, rate, clock, 0, trouble.get(), origin);
        bus.sink()
                .send(Bus.message(Topics.STATUS_SENSOR, Codecs.STATUS, camera, now, status))
                .subscribe(sent -> {}, failure -> LOG.debug("status of {} was not stored", camera, failure));
    }

    public static CameraFeed start(String camera, Bus bus, Flux<EncodedFrame> frames) {
        return new CameraFeed(camera, bus, frames);
    }

    private void reported(Sent sent) {
        switch (sent) {
            case Sent.Stored done -> {
                trouble.set("");
                stored.incrementAndGet();
            }
            case Sent.Refused refused -> {
                trouble.set("the broker refused a frame: " + refused.cause().getMessage());
                LOG.warn("camera {}: {}", camera, trouble.get());
            }
        }
    }

    private void ended(Throwable failure) {
        trouble.set(failure == null ? "the source has ended" : "the source failed: " + failure.getMessage());
    }

    @Override
    public String name() {
        return "camera " + camera;
    }

    @Override
    public String trouble() {
        return trouble.get();
    }

    @Override
    public void close() {
        if (!subscriptions.isDisposed()) {
            subscriptions.dispose();
            tell(SensorStatus.State.REMOVED);
        }
    }
}
