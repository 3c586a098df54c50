package sightline.pipeline.topology;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import sightline.sensors.kafka.Outbound;
import sightline.sensors.kafka.Sent;

/** A stream of messages into a topic. A message that the broker refuses is logged with its reason and lost alone. */
public final class MessageFeed implements Stage {
    private static final Logger LOG = LoggerFactory.getLogger(MessageFeed.class);

    private final String name;
    private final Disposable subscription;
    private final AtomicReference<String> trouble = new AtomicReference<>("nothing sent yet");

    private MessageFeed(String name, Bus bus, Flux<Outbound> records) {
        this.name = name;
        this.subscription = bus.sink()
                .send(records.subscribeOn(Schedulers.boundedElastic()))
                .subscribe(
                        this::reported,
                        failure -> trouble.set("the source failed: " + failure.getMessage()),
                        () -> trouble.set("the source has ended"));
    }

    public static <T> MessageFeed start(String name, Bus bus, Flux<T> values, Function<T, Outbound> record) {
        return new MessageFeed(name, bus, values.map(record));
    }

    private void reported(Sent sent) {
        switch (sent) {
            case Sent.Stored stored -> trouble.set("");
            case Sent.Refused refused -> {
                trouble.set("the broker refused a message: " + refused.cause().getMessage());
                LOG.warn("{}: {}", name, trouble.get());
            }
        }
    }

    @Override
    public String name() {
        return name;
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
