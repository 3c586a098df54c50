package sightline.pipeline.topology;

import java.util.List;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topics;
import sightline.config.domain.Brief;
import sightline.config.domain.Event;
import sightline.config.domain.Origin;
import sightline.config.domain.RenderRequest;
import sightline.config.domain.Viewpoint;
import sightline.config.site.GroundPoint;
import sightline.config.time.TimeSource;
import sightline.operators.depict.SchematicDepictor;
import sightline.sensors.kafka.Outbound;

/** Requests for small schematics of one person. */
final class Wishes {
    private static final long PATIENCE_NANOS = 600_000_000_000L;

    private Wishes() {}

    static RenderRequest schematic(String event, int priority, TimeSource time) {
        return request(event, "somebody", priority, 128, time);
    }

    static RenderRequest of(String event, String track, TimeSource time) {
        return request(event, track, 0, 128, time);
    }

    static RenderRequest request(String event, String track, int priority, int width, TimeSource time) {
        Brief.Person person = new Brief.Person(
                track, new GroundPoint(0, 0), 0, 0, 1.72, Brief.Posture.STANDING, new double[] {0.1, 0, 0, 0.1}, true);
        Brief brief = new Brief(
                event,
                Event.Kind.ZONE_ENTER,
                "somebody entered",
                time.nanos(),
                Viewpoint.above(0, 0, 10),
                List.of(person),
                List.of(),
                List.of(),
                List.of(),
                0.5,
                Origin.SIMULATED);
        return new RenderRequest(
                brief,
                SchematicDepictor.NAME,
                0,
                1000,
                time.nanos() + PATIENCE_NANOS,
                priority,
                width,
                width * 9 / 16,
                Origin.SIMULATED);
    }

    static Outbound record(RenderRequest request) {
        return Bus.message(
                Topics.RENDER_REQUEST,
                Codecs.RENDER_REQUEST,
                request.brief().event(),
                request.brief().timeNanos(),
                request);
    }
}
