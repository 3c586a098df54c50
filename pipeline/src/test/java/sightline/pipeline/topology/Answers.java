package sightline.pipeline.topology;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import reactor.core.Disposable;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topics;
import sightline.config.domain.RenderResult;
import sightline.sensors.kafka.Intake;

/** What the depiction branch has answered. */
final class Answers implements AutoCloseable {
    private final List<RenderResult> finals = new CopyOnWriteArrayList<>();
    private final Disposable subscription;

    Answers(Bus bus) {
        subscription = Reading.all(bus, Topics.RENDER_RESULT, Codecs.RENDER_RESULT, "test-answers", Intake.oldest())
                .filter(r -> r.progress() >= 1)
                .subscribe(finals::add);
    }

    List<RenderResult> finals() {
        return List.copyOf(finals);
    }

    Stream<RenderResult> all() {
        return finals.stream();
    }

    RenderResult of(String event) {
        return all().filter(r -> r.event().equals(event)).findFirst().orElseThrow();
    }

    @Override
    public void close() {
        subscription.dispose();
    }
}
