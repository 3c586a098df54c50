package sightline.sensors.kafka;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import sightline.config.ledger.Disposition;

/** A subscriber under full control of the test, which also watches what the source does behind it. */
final class Recorder extends BaseSubscriber<Inbound> implements SourceObserver {
    final List<Inbound> delivered = new CopyOnWriteArrayList<>();
    final AtomicInteger polled = new AtomicInteger();
    final AtomicInteger disposed = new AtomicInteger();
    final AtomicInteger mostHeld = new AtomicInteger();
    final AtomicInteger revocations = new AtomicInteger();
    final Set<TopicPartition> assigned = ConcurrentHashMap.newKeySet();
    final List<Boolean> reachability = new CopyOnWriteArrayList<>();
    volatile Throwable failure;
    volatile boolean completed;

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        // Demand is the test's business.
    }

    @Override
    protected void hookOnNext(Inbound inbound) {
        delivered.add(inbound);
    }

    @Override
    protected void hookOnError(Throwable e) {
        failure = e;
    }

    @Override
    protected void hookOnComplete() {
        completed = true;
    }

    @Override
    public void received(Inbound inbound) {
        int held = polled.incrementAndGet() - disposed.get();
        mostHeld.accumulateAndGet(held, Math::max);
    }

    @Override
    public void disposed(Inbound inbound, Disposition how, boolean acknowledged) {
        disposed.incrementAndGet();
    }

    @Override
    public void assigned(Collection<TopicPartition> partitions) {
        assigned.addAll(partitions);
    }

    @Override
    public void reachable(boolean reached) {
        reachability.add(reached);
    }

    @Override
    public void revoked(Collection<TopicPartition> partitions) {
        revocations.incrementAndGet();
        assigned.removeAll(partitions);
    }

    List<Integer> numbers() {
        return delivered.stream().map(SharedBroker::number).toList();
    }
}
