package sightline.pipeline.evaluate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import reactor.core.scheduler.Schedulers;
import sightline.config.domain.Box;
import sightline.config.domain.Detections;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.Frame;
import sightline.config.domain.ImagePoint;
import sightline.config.domain.Measurement;
import sightline.config.domain.ObjectClass;
import sightline.operators.baselines.BoxTracker;
import sightline.operators.fusion.FusionNode;
import sightline.operators.fusion.FusionSettings;
import sightline.operators.perception.Perceiver;
import sightline.sensors.decode.JpegDecoder;
import sightline.sensors.decode.JpegEncoder;
import sightline.sensors.decode.JpegLimits;
import sightline.sensors.decode.PixelPool;
import sightline.sensors.geometry.GroundProjector;
import sightline.sensors.source.CameraStamp;
import sightline.sensors.source.VideoSource;

/**
 * PETS 2009 S2L1, view 1, from pixels to people on the ground: a detector on every frame of the video; then, on the very
 * same detections, one fusion node and a SORT tracker whose boxes are put on the ground by their feet; each against the
 * annotated ground positions, within one metre. Vehicles are left out on both sides, since only people are annotated.
 */
public final class PetsReplay {
    private static final long START = 1_000_000_000_000_000_000L;
    private static final double SORT_OVERLAP = 0.3;
    private static final int SORT_HITS = 3;

    private PetsReplay() {}

    /**
     * What came out.
     *
     * @param method of tracking
     * @param frames compared
     * @param medianMetres of matched pairs
     * @param recall share of annotated people that have a track within a metre
     * @param precision share of tracks that have a person within a metre
     */
    public record Result(
            String method,
            int frames,
            double medianMetres,
            double recall,
            double precision,
            double mota,
            double idf1,
            int switches) {}

    /**
     * Runs all methods.
     *
     * @param data folder with {@code video/vtest.avi}, {@code mot/PETS09-S2L1} and {@code pets2009}
     * @param progress told the number of each frame
     */
    public static String run(Path data, Perceiver<Detections> detector, LongConsumer progress) {
        PetsScene scene = PetsScene.open(data);
        List<Detections> seen = look(scene, detector, progress);
        return GroundScore.markdown(
                List.of(fuse(scene, seen, FusionSettings.standard()), sort(scene, seen, 1), sort(scene, seen, 7)));
    }

    /** People in every frame of the recording. */
    static List<Detections> look(PetsScene scene, Perceiver<Detections> detector, LongConsumer progress) {
        List<Detections> out = new ArrayList<>();
        try (JpegDecoder decoder = JpegDecoder.best(JpegLimits.DEFAULT);
                PixelPool pool = PixelPool.of(64L << 20)) {
            VideoSource.file(
                            scene.video(),
                            CameraStamp.replay(PetsScene.CAMERA, START),
                            START,
                            PetsScene.FPS,
                            JpegEncoder.imageIo(95),
                            Schedulers.boundedElastic())
                    .open()
                    .doOnNext(encoded -> {
                        out.add(people(look(detector, decoder, pool, encoded)));
                        progress.accept(encoded.header().sequence());
                    })
                    .blockLast();
        }
        return out;
    }

    private static Detections look(
            Perceiver<Detections> detector, JpegDecoder decoder, PixelPool pool, EncodedFrame encoded) {
        try (Frame frame = decoder.decode(encoded, pool)) {
            return detector.perceive(List.of(frame)).getFirst();
        }
    }

    private static Detections people(Detections all) {
        return new Detections(
                all.frame(),
                all.detections().stream()
                        .filter(d -> d.label() == ObjectClass.PERSON)
                        .toList(),
                all.model());
    }

    static Result fuse(PetsScene scene, List<Detections> recording, FusionSettings settings) {
        FusionNode node = new FusionNode(scene.site(), "node", 1, settings);
        GroundScore score = new GroundScore();
        for (Detections seen : recording) {
            node.onScan(scene.ground().place(seen));
            long tick = Math.ceilDiv(
                    seen.frame().time().exposureNanos(), scene.site().tickNanos());
            if (tick > node.lastTick()) {
                List<GroundScore.Person> people = node.tracks(tick).stream()
                        .map(t -> new GroundScore.Person(t.id(), t.east(), t.north()))
                        .toList();
                score.add(scene.truth().getOrDefault(number(seen), List.of()), people);
            }
        }
        return score.result("Sightline");
    }

    /** @param patience frames that a box lives without a detection; 1 as published */
    static Result sort(PetsScene scene, List<Detections> recording, int patience) {
        BoxTracker tracker = new BoxTracker(SORT_OVERLAP, patience, SORT_HITS);
        GroundScore score = new GroundScore();
        for (Detections seen : recording) {
            List<double[]> boxes = seen.detections().stream()
                    .map(d -> new double[] {
                        d.box().x(), d.box().y(), d.box().width(), d.box().height()
                    })
                    .toList();
            List<GroundScore.Person> people = new ArrayList<>();
            for (BoxTracker.Tracked tracked : tracker.step(boxes)) {
                foot(scene.ground(), tracked.box())
                        .ifPresent(p -> people.add(
                                new GroundScore.Person(Integer.toString(tracked.id()), p.east(), p.north())));
            }
            score.add(scene.truth().getOrDefault(number(seen), List.of()), people);
        }
        return score.result("SORT, boxes live " + patience + (patience == 1 ? " frame" : " frames"));
    }

    private static Optional<Measurement.Position> foot(GroundProjector ground, double[] b) {
        Box box = new Box(b[0], b[1], b[2], b[3]);
        return ground.position(new ImagePoint(box.x() + box.width() / 2, box.y() + box.height(), 1, 0, 1), 1)
                .map(Measurement.Position.class::cast);
    }

    private static int number(Detections seen) {
        return Math.toIntExact(seen.frame().sequence()) + 1;
    }
}
