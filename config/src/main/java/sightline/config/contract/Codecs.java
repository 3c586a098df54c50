package sightline.config.contract;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import sightline.config.domain.Belief;
import sightline.config.domain.DeadLetter;
import sightline.config.domain.Detections;
import sightline.config.domain.Event;
import sightline.config.domain.Lease;
import sightline.config.domain.Masks;
import sightline.config.domain.NodeState;
import sightline.config.domain.Origin;
import sightline.config.domain.Poses;
import sightline.config.domain.RenderRequest;
import sightline.config.domain.RenderResult;
import sightline.config.domain.Scan;
import sightline.config.domain.Segmentation;
import sightline.config.domain.SensorStatus;
import sightline.config.domain.Track;
import sightline.config.domain.TruthPoint;
import sightline.config.site.Calibration;

/** The codec of every topic whose value is protobuf. Frames are the one exception: see {@link FrameHeaders}. */
public final class Codecs {

    /** Version of all messages together; grows with a breaking change only. Stands in {@link Headers#SCHEMA}. */
    public static final int SCHEMA_VERSION = 1;

    public static final Codec<Detections> DETECTIONS = codec(
            sightline.config.wire.Detections.getDescriptor(),
            sightline.config.wire.Detections.parser(),
            DetectionsWire::write,
            DetectionsWire::read);
    public static final Codec<Poses> POSES = codec(
            sightline.config.wire.Poses.getDescriptor(),
            sightline.config.wire.Poses.parser(),
            PosesWire::write,
            PosesWire::read);
    public static final Codec<Segmentation> SEGMENTATION = codec(
            sightline.config.wire.Segmentation.getDescriptor(),
            sightline.config.wire.Segmentation.parser(),
            SegmentationWire::write,
            SegmentationWire::read);
    public static final Codec<Masks> MASKS = codec(
            sightline.config.wire.Masks.getDescriptor(),
            sightline.config.wire.Masks.parser(),
            MasksWire::write,
            MasksWire::read);
    public static final Codec<Scan> SCAN = codec(
            sightline.config.wire.Scan.getDescriptor(),
            sightline.config.wire.Scan.parser(),
            ScanWire::write,
            ScanWire::read);
    public static final Codec<Belief> BELIEF = codec(
            sightline.config.wire.Belief.getDescriptor(),
            sightline.config.wire.Belief.parser(),
            BeliefWire::write,
            BeliefWire::read);
    public static final Codec<NodeState> NODE_STATE = codec(
            sightline.config.wire.NodeState.getDescriptor(),
            sightline.config.wire.NodeState.parser(),
            NodeWire::write,
            NodeWire::read);
    public static final Codec<Lease> LEASE = codec(
            sightline.config.wire.Lease.getDescriptor(),
            sightline.config.wire.Lease.parser(),
            NodeWire::write,
            NodeWire::read);
    public static final Codec<TruthPoint> TRUTH = codec(
            sightline.config.wire.TruthPoint.getDescriptor(),
            sightline.config.wire.TruthPoint.parser(),
            TruthWire::write,
            TruthWire::read);
    public static final Codec<SensorStatus> STATUS = codec(
            sightline.config.wire.SensorStatus.getDescriptor(),
            sightline.config.wire.SensorStatus.parser(),
            StatusWire::write,
            StatusWire::read);
    public static final Codec<Calibration> CALIBRATION = calibration(Origin.LIVE);
    public static final Codec<Track> TRACK = codec(
            sightline.config.wire.Track.getDescriptor(),
            sightline.config.wire.Track.parser(),
            TrackWire::write,
            TrackWire::read);
    public static final Codec<Event> EVENT = codec(
            sightline.config.wire.Event.getDescriptor(),
            sightline.config.wire.Event.parser(),
            EventWire::write,
            EventWire::read);

    public static final Codec<RenderRequest> RENDER_REQUEST = codec(
            sightline.config.wire.RenderRequest.getDescriptor(),
            sightline.config.wire.RenderRequest.parser(),
            RenderWire::write,
            RenderWire::read);
    public static final Codec<RenderResult> RENDER_RESULT = codec(
            sightline.config.wire.RenderResult.getDescriptor(),
            sightline.config.wire.RenderResult.parser(),
            RenderWire::write,
            RenderWire::read);

    /** Not a topic's value: it stands in the header {@link Headers#DEAD_LETTER}. */
    public static final Codec<DeadLetter> DEAD_LETTER = codec(
            sightline.config.wire.DeadLetter.getDescriptor(),
            sightline.config.wire.DeadLetter.parser(),
            DeadLetterWire::write,
            DeadLetterWire::read);

    private static final Map<String, Codec<?>> BY_TOPIC = Map.ofEntries(
            Map.entry(Topics.DETECTION_CAMERA.name(), DETECTIONS),
            Map.entry(Topics.POSE_CAMERA.name(), POSES),
            Map.entry(Topics.MASK_CAMERA.name(), SEGMENTATION),
            Map.entry(Topics.INSTANCE_CAMERA.name(), MASKS),
            Map.entry(Topics.MEASUREMENT_SENSOR.name(), SCAN),
            Map.entry(Topics.BELIEF_NODE.name(), BELIEF),
            Map.entry(Topics.STATE_NODE.name(), NODE_STATE),
            Map.entry(Topics.LEASE_SCENE.name(), LEASE),
            Map.entry(Topics.TRUTH_SCENE.name(), TRUTH),
            Map.entry(Topics.STATUS_SENSOR.name(), STATUS),
            Map.entry(Topics.CALIBRATION_SENSOR.name(), CALIBRATION),
            Map.entry(Topics.TRACK_FUSED.name(), TRACK),
            Map.entry(Topics.TRACK_FUSED_STATE.name(), TRACK),
            Map.entry(Topics.EVENT_RULE.name(), EVENT),
            Map.entry(Topics.RENDER_REQUEST.name(), RENDER_REQUEST),
            Map.entry(Topics.RENDER_RESULT.name(), RENDER_RESULT));

    private Codecs() {}

    /** The codec of a topic's values; empty for frames and for topics that are not in the contract. */
    public static Optional<Codec<?>> forTopic(String topic) {
        return Optional.ofNullable(BY_TOPIC.get(topic));
    }

    /** Every codec once. */
    public static List<Codec<?>> all() {
        return Stream.concat(BY_TOPIC.values().stream(), Stream.of(DEAD_LETTER))
                .distinct()
                .<Codec<?>>map(c -> c)
                .toList();
    }

    /** For calibrations of cameras that are not real: what it encodes carries this origin. */
    public static Codec<Calibration> calibration(Origin origin) {
        return codec(
                sightline.config.wire.Calibration.getDescriptor(),
                sightline.config.wire.Calibration.parser(),
                calibration -> CalibrationWire.write(calibration, origin),
                CalibrationWire::read);
    }

    private static <T, M extends MessageLite> Codec<T> codec(
            Descriptor descriptor, Parser<M> parser, Function<T, M> write, Function<M, T> read) {
        return new ProtoCodec<>(descriptor.getFullName(), parser, write, read);
    }
}
