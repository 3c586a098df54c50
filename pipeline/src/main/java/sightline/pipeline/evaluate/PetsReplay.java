package sightline.pipeline.evaluate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import reactor.core.scheduler.Schedulers;
import sightline.config.domain.Detections;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.Frame;
import sightline.config.domain.ObjectClass;
import sightline.config.domain.Track;
import sightline.config.site.Calibration;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;
import sightline.operators.fusion.FusionNode;
import sightline.operators.fusion.FusionSettings;
import sightline.operators.metrics.ClearMot;
import sightline.operators.metrics.IdentityScore;
import sightline.operators.metrics.MatchFrame;
import sightline.operators.perception.Perceiver;
import sightline.sensors.dataset.MotBox;
import sightline.sensors.dataset.MotSequence;
import sightline.sensors.dataset.PetsCalibration;
import sightline.sensors.decode.JpegDecoder;
import sightline.sensors.decode.JpegEncoder;
import sightline.sensors.decode.JpegLimits;
import sightline.sensors.decode.PixelPool;
import sightline.sensors.geometry.CameraModel;
import sightline.sensors.geometry.GroundProjector;
import sightline.sensors.source.CameraStamp;
import sightline.sensors.source.VideoSource;

/**
 * PETS 2009 S2L1, view 1, from pixels to ground tracks: a detector on every frame of the video, its foot points through
 * the Tsai calibration, one fusion node, and the annotated ground positions to compare with.
 *
 * <p>The frames run at 7 a second whatever the file's header says. A track and a person match within one metre; vehicles
 * are left out on both sides, since only people are annotated.
 */
public final class PetsReplay {
    private static final double FPS = 7;
    private static final double MATCH_METRES = 1.0;
    private static final long START = 1_000_000_000_000_000_000L;
    private static final String CAMERA = "view-1";

    private PetsReplay() {}

    /**
     * What came out.
     *
     * @param frames compared
     * @param medianMetres of matched pairs
     * @param recall share of annotated people that have a track within a metre
     * @param precision share of tracks that have a person within a metre
     */
    public record Result(
            int frames, double medianMetres, double recall, double precision, double mota, double idf1, int switches) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d frames: median error %.2f m, recall %.3f, precision %.3f, MOTA %.3f, IDF1 %.3f, %d identity"
                            + " switches (matches within %.0f m on the ground)",
                    frames,
                    medianMetres,
                    recall,
                    precision,
                    mota,
                    idf1,
                    switches,
                    MATCH_METRES);
        }
    }

    /**
     * @param data folder with {@code video/vtest.avi}, {@code mot/PETS09-S2L1} and {@code pets2009}
     * @param progress told the number of each frame
     */
    public static Result run(Path data, Perceiver<Detections> detector, LongConsumer progress) {
        Calibration calibration = PetsCalibration.read(data.resolve("pets2009/data/calibration/View_001.xml"), CAMERA);
        CameraModel camera = CameraModel.of(calibration);
        GroundProjector ground = new GroundProjector(camera);
        Site site = new Site(
                "pets",
                List.of("node"),
                List.of(new SensorSpec(
                        CAMERA,
                        SensorSpec.Kind.CAMERA,
                        "node",
                        Optional.of(calibration),
                        camera.center().east(),
                        camera.center().north(),
                        60,
                        0.85,
                        0.3)),
                List.of(),
                List.of(),
                Math.round(1e9 / FPS));
        FusionNode node = new FusionNode(site, "node", 1, FusionSettings.standard());
        Map<Integer, List<MotBox>> truth =
                MotSequence.open(data.resolve("mot/PETS09-S2L1")).groundTruth();
        List<MatchFrame> frames = new ArrayList<>();
        List<Double> errors = new ArrayList<>();
        try (JpegDecoder decoder = JpegDecoder.best(JpegLimits.DEFAULT);
                PixelPool pool = PixelPool.of(64L << 20)) {
            VideoSource.file(
                            data.resolve("video/vtest.avi"),
                            CameraStamp.replay(CAMERA, START),
                            START,
                            FPS,
                            JpegEncoder.imageIo(95),
                            Schedulers.boundedElastic())
                    .open()
                    .doOnNext(encoded -> {
                        Detections people = people(look(detector, decoder, pool, encoded));
                        node.onScan(ground.place(people));
                        long tick = Math.ceilDiv(encoded.header().time().exposureNanos(), site.tickNanos());
                        if (tick > node.lastTick()) {
                            int number = Math.toIntExact(encoded.header().sequence()) + 1;
                            frames.add(compare(truth.getOrDefault(number, List.of()), node.tracks(tick), errors));
                        }
                        progress.accept(encoded.header().sequence());
                    })
                    .blockLast();
        }
        return summary(frames, errors);
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

    private static MatchFrame compare(List<MotBox> truth, List<Track> tracks, List<Double> errors) {
        List<MotBox> placed = truth.stream().filter(b -> b.ground().isPresent()).toList();
        List<double[]> truthAt = placed.stream()
                .map(b ->
                        new double[] {b.ground().get().east(), b.ground().get().north()})
                .toList();
        List<double[]> tracksAt =
                tracks.stream().map(t -> new double[] {t.east(), t.north()}).toList();
        for (double[] t : truthAt) {
            tracksAt.stream()
                    .mapToDouble(e -> Math.hypot(e[0] - t[0], e[1] - t[1]))
                    .min()
                    .ifPresent(error -> {
                        if (error <= MATCH_METRES) {
                            errors.add(error);
                        }
                    });
        }
        return MatchFrame.points(
                placed.stream().map(b -> Integer.toString(b.id())).toList(),
                truthAt,
                tracks.stream().map(Track::id).toList(),
                tracksAt,
                2 * MATCH_METRES);
    }

    private static Result summary(List<MatchFrame> frames, List<Double> errors) {
        ClearMot mot = ClearMot.of(frames, 0.5);
        double[] sorted =
                errors.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int estimates = mot.matches() + mot.falses();
        return new Result(
                frames.size(),
                sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2],
                mot.matches() / (double) mot.truths(),
                estimates == 0 ? Double.NaN : mot.matches() / (double) estimates,
                mot.mota(),
                IdentityScore.of(frames, 0.5).f1(),
                mot.switches());
    }
}
