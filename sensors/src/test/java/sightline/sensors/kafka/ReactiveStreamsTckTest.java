package sightline.sensors.kafka;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.SkipException;

/** The Reactive Streams TCK on the source itself, no operator in between, against a real broker. */
class ReactiveStreamsTckTest {
    private static final Map<Long, String> TOPICS = new ConcurrentHashMap<>();

    /** Bounded reads of topics with exactly as many records as the kit asks for. */
    static final class SourceVerification extends PublisherVerification<Inbound> {
        SourceVerification() {
            super(new TestEnvironment(1000, 100));
        }

        @Override
        public Publisher<Inbound> createPublisher(long elements) {
            String topic = TOPICS.computeIfAbsent(elements, SourceVerification::topicOf);
            return source(SharedBroker.address(), topic).records();
        }

        @Override
        public Publisher<Inbound> createFailedPublisher() {
            return source("not an address", "none").records();
        }

        @Override
        public long maxElementsFromPublisher() {
            return 1000;
        }

        private static KafkaSource source(String address, String topic) {
            return KafkaSource.builder(address)
                    .name("tck")
                    .intake(Intake.all(topic, Intake.oldest()))
                    .maxInFlight(4096)
                    .untilEnd()
                    .build();
        }

        private static String topicOf(long records) {
            String topic = SharedBroker.topic(1);
            SharedBroker.fill(topic, 1, Math.toIntExact(records));
            return topic;
        }
    }

    @TestFactory
    Stream<DynamicTest> everyRule() {
        return Arrays.stream(PublisherVerification.class.getMethods())
                .filter(m -> m.isAnnotationPresent(org.testng.annotations.Test.class))
                .sorted(Comparator.comparing(Method::getName))
                .map(m -> DynamicTest.dynamicTest(m.getName(), () -> verify(m)));
    }

    private static void verify(Method rule) throws Throwable {
        var verification = new SourceVerification();
        verification.setUp();
        try {
            rule.invoke(verification);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof SkipException skip) {
                Assumptions.abort("the kit skips it: " + skip.getMessage());
            }
            throw e.getCause();
        }
    }
}
