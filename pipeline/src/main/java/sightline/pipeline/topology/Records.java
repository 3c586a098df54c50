package sightline.pipeline.topology;

import java.nio.ByteBuffer;
import sightline.config.contract.Codec;
import sightline.config.contract.Codecs;
import sightline.config.contract.FrameHeaders;
import sightline.config.contract.Headers;
import sightline.config.contract.Topic;
import sightline.config.contract.Topics;
import sightline.config.contract.Traceparent;
import sightline.config.domain.Detections;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.Masks;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Poses;
import sightline.config.domain.Scan;
import sightline.config.domain.Segmentation;
import sightline.config.domain.SensorStatus;
import sightline.config.domain.Track;
import sightline.config.domain.TruthPoint;
import sightline.config.site.Site;
import sightline.sensors.kafka.Outbound;

/** What is observed, as records: topic, key, time and, where a fusion node reads it, the node's partition. */
public final class Records {
    private Records() {}

    /** A frame: the picture is the value, its metadata the headers. A frame without a trace begins one. */
    public static Outbound frame(EncodedFrame frame) {
        ByteBuffer payload = frame.payload().duplicate();
        byte[] value = new byte[payload.remaining()];
        payload.get(value);
        FrameHeader header = frame.header().trace().isEmpty()
                ? frame.header().withTrace(Traceparent.root(frame.header().id()))
                : frame.header();
        return Outbound.keyed(
                        Topics.FRAME_CAMERA.name(),
                        header.camera(),
                        header.time().exposureNanos() / 1_000_000,
                        value)
                .with(FrameHeaders.frame(header, frame.contentType()));
    }

    /** Nothing new from this sensor up to the header's time: it travels where the observation before it did. */
    static Outbound heartbeat(Outbound after, FrameHeader header) {
        return new Outbound(
                after.topic(),
                after.partition(),
                header.time().exposureNanos() / 1_000_000,
                after.key(),
                new byte[0],
                FrameHeaders.heartbeat(header));
    }

    /** Nothing was seen by this camera up to the header's time: for fusion, behind its detections. */
    static Outbound heartbeat(Site site, FrameHeader header) {
        return Outbound.keyed(
                        Topics.DETECTION_CAMERA.name(),
                        header.camera(),
                        header.time().exposureNanos() / 1_000_000,
                        new byte[0])
                .on(site.partitionOf(header.camera()))
                .with(FrameHeaders.heartbeat(header));
    }

    /** The end of a scene's tick, behind its tracks: where there are none, nobody is there. */
    static Outbound end(String scene, SceneTick tick) {
        ObservationTime time = new ObservationTime(tick.timeNanos(), 0, scene, 0, 0);
        FrameHeader mark = new FrameHeader(scene, 0, tick.tick(), time, tick.origin(), 0, 0, "", "");
        return Outbound.keyed(Topics.TRACK_FUSED.name(), scene, tick.timeNanos() / 1_000_000, new byte[0])
                .with(FrameHeaders.heartbeat(mark));
    }

    static Outbound track(Track track) {
        return Bus.message(Topics.TRACK_FUSED, Codecs.TRACK, track.id(), track.timeNanos(), track);
    }

    public static Outbound detections(Site site, Detections d) {
        return seen(site, Topics.DETECTION_CAMERA, Codecs.DETECTIONS, d.frame(), d);
    }

    public static Outbound poses(Site site, Poses p) {
        return seen(site, Topics.POSE_CAMERA, Codecs.POSES, p.frame(), p);
    }

    static Outbound masks(Site site, Segmentation s) {
        return seen(site, Topics.MASK_CAMERA, Codecs.SEGMENTATION, s.frame(), s);
    }

    static Outbound instances(Site site, Masks m) {
        return seen(site, Topics.INSTANCE_CAMERA, Codecs.MASKS, m.frame(), m);
    }

    public static Outbound scan(Site site, Scan scan) {
        return Bus.message(
                        Topics.MEASUREMENT_SENSOR,
                        Codecs.SCAN,
                        scan.sensor(),
                        scan.time().exposureNanos(),
                        scan)
                .on(site.partitionOf(scan.sensor()));
    }

    public static Outbound truth(TruthPoint point) {
        return Bus.message(Topics.TRUTH_SCENE, Codecs.TRUTH, point.object(), point.timeNanos(), point);
    }

    static Outbound status(SensorStatus status) {
        return Bus.message(Topics.STATUS_SENSOR, Codecs.STATUS, status.sensor(), status.timeNanos(), status);
    }

    private static <T> Outbound seen(Site site, Topic topic, Codec<T> codec, FrameHeader frame, T value) {
        return Bus.message(topic, codec, frame.camera(), frame.time().exposureNanos(), value)
                .with(Headers.TRACEPARENT, Traceparent.child(frame.trace(), "perception"))
                .on(site.partitionOf(frame.camera()));
    }
}
