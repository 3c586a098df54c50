package sightline.pipeline.topology;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import sightline.config.domain.Detection;
import sightline.config.domain.Frame;
import sightline.config.domain.Masks;
import sightline.config.site.Site;
import sightline.operators.perception.CloserLook;

/**
 * Masks of things, beside the main path: a network that takes as long as a hundred detections must not hold them up. One
 * frame is at work; whatever is offered meanwhile, or while the work rests as its claim has it, is passed over, so that
 * the next one taken is the newest. The frame's own account does not wait for its masks.
 *
 * <p>Threading: {@link #offer} from the perceiving thread; the network has a thread of its own. Ownership: keeps the pixels
 * of the frame at work, and closes the network. Failure: is logged and said by {@link #trouble}, and the next frame is
 * another try.
 */
final class Afterlook implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Afterlook.class);
    private static final Duration LEAVING = Duration.ofSeconds(20);

    private final Bus bus;
    private final Site site;
    private final CloserLook<Masks> network;
    private final Scheduler thread;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile long notBefore = System.nanoTime();
    private volatile String trouble = "";

    Afterlook(Bus bus, Site site, CloserLook<Masks> network) {
        this.bus = bus;
        this.site = site;
        this.network = network;
        this.thread = bus.arbiter().thread("masks", Claim.PREVIEW);
    }

    /** Takes a frame if nothing else is at work and there is anything to cut out; it stays the caller's. */
    void offer(Frame frame, List<Detection> found) {
        if (found.isEmpty() || System.nanoTime() - notBefore < 0 || !busy.compareAndSet(false, true)) {
            return;
        }
        frame.retain();
        try {
            Disposable ignored = thread.schedule(() -> work(frame, found));
        } catch (RuntimeException closing) {
            frame.close();
            busy.set(false);
        }
    }

    private void work(Frame frame, List<Detection> found) {
        long began = System.nanoTime();
        try (frame) {
            bus.sink()
                    .send(Records.instances(site, network.look(frame, found)))
                    .subscribe(sent -> trouble = "", e -> LOG.debug("masks were not stored", e));
        } catch (RuntimeException e) {
            trouble = "masks failed: " + e.getMessage();
            LOG.warn("masks of a frame of {} failed", frame.header().camera(), e);
        } finally {
            long now = System.nanoTime();
            notBefore = now
                    + bus.arbiter()
                            .rest(Claim.PREVIEW, Duration.ofNanos(now - began))
                            .toNanos();
            busy.set(false);
        }
    }

    /** Why the last frame has no masks; empty if it has. */
    String trouble() {
        return trouble;
    }

    /** Waits for the frame at work, whose network can't be closed under it. */
    @Override
    public void close() {
        thread.disposeGracefully().block(LEAVING);
        network.close();
    }
}
