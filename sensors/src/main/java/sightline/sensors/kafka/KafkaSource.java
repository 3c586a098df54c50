package sightline.sensors.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import sightline.config.ledger.Ledger;

/**
 * Topics as a {@link Flux} of records that must be disposed of.
 *
 * <pre>{@code
 * KafkaSource source = KafkaSource.builder("localhost:9092")
 *         .intake(Intake.group("perception", "frame.camera.v1"))
 *         .profile(ConsumerProfile.video(8 << 20, 4))
 *         .build();
 * Inbound.discarding(source.records().doOnNext(r -> { work(r); r.acknowledge(); })).subscribe();
 * }</pre>
 *
 * <p><b>Demand:</b> nothing is fetched without demand. A partition whose records pile up undisposed is paused alone; a
 * pause outlives rebalances and covers partitions that arrive during it. Polling goes on while paused, so the member
 * never exceeds {@code max.poll.interval.ms}, however slow the subscriber is.
 *
 * <p><b>Order:</b> records of one partition arrive in offset order. Offsets are committed up to the first record that
 * is not disposed of, whatever order work completes in: a crash repeats work but never loses it.
 *
 * <p><b>Threading:</b> each subscription has a consumer, a polling thread and an emitting thread of its own; a
 * subscriber may block without harm to the group membership.
 *
 * <p><b>Failure:</b> an absent broker or topic is waited for. Only what cannot heal ends the stream: refused
 * credentials, fenced membership, an invalid configuration. <b>Cancellation</b> takes effect at once and frees
 * everything within a second; records not disposed of by then are read again by somebody.
 *
 * <p><b>Discard:</b> records that this source still holds at cancellation or revocation are released, neither
 * acknowledged nor lost. For operators further down put {@link Inbound#discarding} at the end of the chain.
 */
public final class KafkaSource {
    private final SourceOptions options;
    private final Set<SourceSession> live = ConcurrentHashMap.newKeySet();

    private KafkaSource(SourceOptions options) {
        this.options = options;
    }

    public static Builder builder(String bootstrapServers) {
        return new Builder(bootstrapServers);
    }

    /** The records; every subscription reads for itself. */
    public Flux<Inbound> records() {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Inbound> subscriber) {
                var session = new SourceSession(options, subscriber, live::remove);
                live.add(session);
                subscriber.onSubscribe(session);
                session.start();
            }
        };
    }

    /** The offsets up to which everything is disposed of, for a transaction; of all subscriptions that are alive. */
    public Map<TopicPartition, OffsetAndMetadata> completed() {
        Map<TopicPartition, OffsetAndMetadata> all = new HashMap<>();
        live.forEach(session -> all.putAll(session.completed()));
        return all;
    }

    /** Membership of the live subscription, which a transaction shows to prove that it still owns its partitions. */
    public Optional<ConsumerGroupMetadata> membership() {
        return live.stream().flatMap(s -> s.membership().stream()).findFirst();
    }

    /** Subscriptions whose threads have not ended yet. */
    public int liveSubscriptions() {
        return live.size();
    }

    /** The most memory that one subscription takes. */
    public MemoryBound memoryBound() {
        return MemoryBound.of(options);
    }

    /** Collects options; not thread-safe. */
    public static final class Builder {
        private final String bootstrapServers;
        private String name = "source";
        private Intake intake;
        private ConsumerProfile profile = ConsumerProfile.messages();
        private CommitMode commits = CommitMode.PERIODIC;
        private int maxInFlight = 256;
        private int window = 4096;
        private Duration commitInterval = Duration.ofMillis(500);
        private Duration drain = Duration.ofMillis(200);
        private boolean untilEnd;
        private final List<Admission> admissions = new ArrayList<>();
        private DeadLetters deadLetters;
        private Booking booking;
        private SourceObserver observer = SourceObserver.NONE;
        private final Map<String, String> overrides = new HashMap<>();

        private Builder(String bootstrapServers) {
            this.bootstrapServers = Objects.requireNonNull(bootstrapServers, "bootstrapServers");
        }

        /** Name of the client, in thread names and at the broker. */
        public Builder name(String value) {
            name = value;
            return this;
        }

        /** What is read; there is no default. */
        public Builder intake(Intake value) {
            intake = value;
            return this;
        }

        /** How it is fetched. */
        public Builder profile(ConsumerProfile value) {
            profile = value;
            return this;
        }

        /** Who commits, {@link CommitMode#PERIODIC} unless said otherwise. */
        public Builder commits(CommitMode value) {
            commits = value;
            return this;
        }

        /** Most records that are read and not disposed of, 256 by default. */
        public Builder maxInFlight(int value) {
            maxInFlight = value;
            return this;
        }

        /** Most records of one partition from its oldest undisposed one to its newest, 4096 by default. */
        public Builder window(int value) {
            window = value;
            return this;
        }

        /** How often completed offsets are committed, 500 ms by default. */
        public Builder commitInterval(Duration value) {
            commitInterval = value;
            return this;
        }

        /** How long revocation and cancellation wait for records being worked on, 200 ms by default. */
        public Builder drain(Duration value) {
            drain = value;
            return this;
        }

        /** Completes when the end that each partition had at the start is reached; needs an assignment. */
        public Builder untilEnd() {
            untilEnd = true;
            return this;
        }

        /** Adds a check; all must pass. */
        public Builder admit(Admission check) {
            admissions.add(check);
            return this;
        }

        /** Shares a dead-letter writer, which its owner closes; otherwise each subscription makes one when needed. */
        public Builder deadLetters(DeadLetters value) {
            deadLetters = value;
            return this;
        }

        /** Books every record into the ledger under that stage, with its key as the camera. */
        public Builder ledger(Ledger ledger, String stage) {
            booking = new Booking(ledger, stage);
            return this;
        }

        /** Who is told what happens to records. */
        public Builder observer(SourceObserver value) {
            observer = value;
            return this;
        }

        /** A consumer property that wins over the profile's. */
        public Builder property(String key, String value) {
            overrides.put(key, value);
            return this;
        }

        public KafkaSource build() {
            return new KafkaSource(new SourceOptions(
                    bootstrapServers,
                    name,
                    Objects.requireNonNull(intake, "intake"),
                    profile,
                    commits,
                    maxInFlight,
                    window,
                    commitInterval,
                    drain,
                    untilEnd,
                    admissions,
                    Optional.ofNullable(deadLetters),
                    Optional.ofNullable(booking),
                    observer,
                    overrides));
        }
    }
}
