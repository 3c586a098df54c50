package sightline.sensors.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The polling thread of a session: the only one that touches the consumer, but for {@code wakeup}.
 *
 * <p><b>Turns.</b> Each turn commits if it is time, pauses and resumes by demand and room, polls, and hands over what
 * came. While everything is paused it still polls, without waiting, every {@link #IDLE_NANOS}: that keeps the
 * membership alive. The subscriber never runs on this thread, so nothing it does can make a turn late.
 *
 * <p><b>Waiting.</b> With partitions active the wait is in the poll. With some paused for lack of room the poll is
 * short, since room comes back without the client knowing. With all paused the thread parks and whoever makes demand or
 * room wakes it.
 *
 * <p><b>Ending.</b> In bounded steps: wait for work in hand, commit, close. Their sum stays below a second.
 */
final class PollLoop implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(PollLoop.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration POLL_PARTLY_PAUSED = Duration.ofMillis(10);
    private static final long IDLE_NANOS = 50_000_000;
    private static final Duration STEP = Duration.ofMillis(200);

    private final SourceOptions options;
    private final String label;
    private final SourceSession session;
    private final Emission emission;
    private final Readings readings;
    private final Commits commits;
    private final Faults faults;
    private final Stall stall;
    private final Object waking = new Object();
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private Consumer<byte[], byte[]> consumer;
    private Reachability reachability;
    private boolean closed;
    private volatile Thread thread;
    private volatile boolean stopping;
    private volatile boolean parked;
    private volatile ConsumerGroupMetadata membership;

    PollLoop(SourceOptions options, String label, SourceSession session, Emission emission) {
        this.options = options;
        this.label = label;
        this.session = session;
        this.emission = emission;
        this.readings = new Readings(options);
        this.commits = new Commits(readings, options);
        this.faults = new Faults(options.name());
        this.stall = new Stall(options.name());
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        try {
            open();
            begin();
            boolean reached = false;
            while (running() && !reached) {
                turn();
                reached = options.untilEnd() && endReached();
            }
            if (reached) {
                emission.complete();
                // Closing lets go of whatever is still queued, so a slow subscriber is waited for.
                while (running()) {
                    backOff();
                }
            }
        } catch (WakeupException e) {
            // Cancelled in the middle of a call.
        } catch (RuntimeException | Error e) {
            emission.fail(e);
        } finally {
            end();
        }
    }

    private boolean running() {
        return !stopping && !emission.ended();
    }

    private void open() {
        var opened = Consumers.open(options, label);
        synchronized (waking) {
            consumer = opened;
        }
        reachability = new Reachability(opened, options.observer()::reachable);
    }

    private void begin() {
        switch (options.intake()) {
            case Intake.Group group -> consumer.subscribe(group.topics(), new Rebalances());
            case Intake.Assigned assigned -> {
                ends.putAll(new Arrivals(consumer, assigned, () -> !running(), this::backOff).arrive());
                readings.add(consumer, consumer.assignment());
                options.observer().assigned(consumer.assignment());
            }
        }
    }

    private void turn() {
        commits.tick(consumer);
        int active = readings.regulate(consumer, wanted());
        try {
            if (active > 0 || readings.isEmpty()) {
                poll(active == readings.all().size() ? POLL : POLL_PARTLY_PAUSED);
                reachability.look();
            } else {
                poll(Duration.ZERO);
                if (emission.wants() && !roomInFlight()) {
                    stall.blocked(session.inFlight(), session.disposed());
                }
                idle();
            }
            faults.cleared();
        } catch (KafkaException e) {
            faults.met(e);
            backOff();
        }
    }

    private void poll(Duration wait) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(wait);
        if (options.commits() == CommitMode.TRANSACTION && options.inGroup()) {
            // Before the records: whoever gets one may commit at once, with the membership that it was read under.
            membership = consumer.groupMetadata();
        }
        accept(records);
    }

    private void accept(ConsumerRecords<byte[], byte[]> records) {
        if (records.isEmpty()) {
            return;
        }
        for (TopicPartition partition : records.partitions()) {
            Reading reading = Objects.requireNonNull(readings.of(partition), "records of an unassigned partition");
            for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
                accept(record, reading);
            }
        }
        emission.drain();
    }

    private void accept(ConsumerRecord<byte[], byte[]> record, Reading reading) {
        var inbound = new Inbound(record, reading.window, session);
        session.received(inbound);
        try {
            for (Admission admission : options.admissions()) {
                admission.check(record);
            }
            emission.offer(inbound);
        } catch (RefusedRecordException e) {
            inbound.deadLetter("admission", e);
        }
    }

    private boolean endReached() {
        if (!ends.isEmpty()) {
            Arrivals.strikeReached(consumer, ends);
        }
        return ends.isEmpty();
    }

    private boolean wanted() {
        return emission.wants() && roomInFlight();
    }

    private boolean roomInFlight() {
        return session.inFlight() + options.maxPollRecords() <= options.maxInFlight();
    }

    /** Waits for demand or room; both announce themselves after {@code parked} is seen, so none is missed. */
    private void idle() {
        parked = true;
        if (running() && !(wanted() && readings.anyRoom())) {
            LockSupport.parkNanos(this, IDLE_NANOS);
        }
        parked = false;
    }

    private void backOff() {
        if (running()) {
            LockSupport.parkNanos(this, IDLE_NANOS);
        }
    }

    /** Demand or room has come; called from any thread, cheap when the loop is not parked. */
    void nudge() {
        if (parked) {
            LockSupport.unpark(thread);
        }
    }

    /** Ends the loop from any thread, whatever it is doing. */
    void stop() {
        stopping = true;
        synchronized (waking) {
            if (consumer != null && !closed) {
                consumer.wakeup();
            }
        }
        LockSupport.unpark(thread);
    }

    private void end() {
        if (consumer == null) {
            return;
        }
        awaitDisposal(readings.all());
        commits.flush(consumer, List.copyOf(readings.all()), STEP);
        readings.remove(readings.all().stream().map(r -> r.partition).toList());
        synchronized (waking) {
            closed = true;
        }
        try {
            consumer.close(CloseOptions.timeout(STEP));
        } catch (KafkaException e) {
            LOG.info("{} left without saying goodbye: {}", label, e.toString());
        }
    }

    /** Gives work in hand a moment to be acknowledged, so that it need not be repeated. */
    private void awaitDisposal(Collection<Reading> which) {
        long deadline = System.nanoTime() + options.drain().toNanos();
        while (System.nanoTime() < deadline && which.stream().anyMatch(r -> r.window.open() > 0)) {
            parked = true;
            LockSupport.parkNanos(this, 5_000_000);
            parked = false;
        }
    }

    Map<TopicPartition, OffsetAndMetadata> completed() {
        return readings.completed();
    }

    Optional<ConsumerGroupMetadata> membership() {
        return Optional.ofNullable(membership);
    }

    /** Runs inside {@code poll}, on this thread. */
    private final class Rebalances implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            readings.add(consumer, partitions);
            if (!partitions.isEmpty()) {
                options.observer().assigned(partitions);
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            List<Reading> leaving = partitions.stream()
                    .map(readings::of)
                    .filter(Objects::nonNull)
                    .toList();
            leaving.forEach(r -> r.window.revoke());
            emission.drain();
            awaitDisposal(leaving);
            commits.flush(consumer, leaving, STEP);
            forget(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            forget(partitions);
            emission.drain();
        }

        private void forget(Collection<TopicPartition> partitions) {
            readings.remove(partitions);
            if (!partitions.isEmpty()) {
                options.observer().revoked(partitions);
            }
        }
    }
}
