package sightline.pipeline.topology;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import sightline.config.contract.FrameHeaders;
import sightline.config.contract.Topics;
import sightline.config.domain.EncodedFrame;
import sightline.sensors.kafka.Outbound;
import sightline.sensors.kafka.Sent;

/** One camera's frames into Kafka: the edge. A frame that the broker refuses is logged with its reason and lost alone. */
public final class CameraFeed implements Stage {
    private static final Logger LOG = LoggerFactory.getLogger(CameraFeed.class);

    private final String camera;
    private final Disposable subscription;
    private final AtomicReference<String> trouble = new AtomicReference<>("no frame yet");

    private CameraFeed(String camera, Bus bus, Flux<EncodedFrame> frames) {
        this.camera = camera;
        Flux<Outbound> records = frames.subscribeOn(Schedulers.boundedElastic()).map(CameraFeed::record);
        this.subscription = bus.sink().send(records).subscribe(this::reported, this::ended, () -> ended(null));
    }

    public static CameraFeed start(String camera, Bus bus, Flux<EncodedFrame> frames) {
        return new CameraFeed(camera, bus, frames);
    }

    /** A frame as a record: the picture is the value, its metadata the headers. */
    public static Outbound record(EncodedFrame frame) {
        ByteBuffer payload = frame.payload().duplicate();
        byte[] value = new byte[payload.remaining()];
        payload.get(value);
        return Outbound.keyed(
                        Topics.FRAME_CAMERA.name(),
                        frame.header().camera(),
                        frame.header().time().exposureNanos() / 1_000_000,
                        value)
                .with(FrameHeaders.frame(frame.header(), frame.contentType()));
    }

    private void reported(Sent sent) {
        switch (sent) {
            case Sent.Stored stored -> trouble.set("");
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
        subscription.dispose();
    }
}
