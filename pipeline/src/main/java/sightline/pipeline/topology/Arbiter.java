package sightline.pipeline.topology;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import reactor.core.scheduler.Scheduler;
import sightline.config.time.TimeSource;

/**
 * The one place that orders what the stages of a process share, which on a CPU is its cores: main path before fusion,
 * fusion before previews, previews before finished pictures, and all of them before training.
 *
 * <p>It has two means. Threads that are asked of it give way as their claim does, so that the system itself prefers the
 * stronger. And work that can wait rests after each piece, in proportion, so that its share of a core is kept; while a
 * stronger claim says that it is behind, the share shrinks to a fifth. It never shrinks to nothing: a picture that
 * somebody asked for comes late and not never.
 *
 * <p>The main path and fusion never rest: what they can't do they leave out, newest first. Threading: safe from any thread.
 */
public final class Arbiter {
    /** For how long after it said so a claim counts as behind. */
    static final Duration BEHIND_FOR = Duration.ofSeconds(1);

    private static final double SHRUNK = 0.2;

    private final TimeSource time;
    private final AtomicLongArray behindSince = new AtomicLongArray(Claim.values().length);

    Arbiter(TimeSource time) {
        this.time = time;
        for (Claim claim : Claim.values()) {
            behindSince.set(claim.ordinal(), Long.MIN_VALUE);
        }
    }

    /** One daemon thread, which may wait for storage or a commit. */
    Scheduler thread(String name, Claim claim) {
        return Threads.single(name, claim.nice());
    }

    /** The claim can't keep up at present; to be said again while that lasts. */
    void behind(Claim claim) {
        behindSince.set(claim.ordinal(), time.nanos());
    }

    /** Whether somebody who comes before this claim is behind. */
    boolean mustYield(Claim claim) {
        long now = time.nanos();
        for (Claim other : Claim.values()) {
            long since = behindSince.get(other.ordinal());
            if (other.isStrongerThan(claim) && since != Long.MIN_VALUE && now - since < BEHIND_FOR.toNanos()) {
                return true;
            }
        }
        return false;
    }

    /** How long a claim is to rest after so much work. */
    Duration rest(Claim claim, Duration worked) {
        double share = claim.share() * (mustYield(claim) ? SHRUNK : 1);
        return claim.share() == 1
                ? Duration.ZERO
                : Duration.ofNanos(Math.round(worked.toNanos() * (1 - share) / share));
    }
}
