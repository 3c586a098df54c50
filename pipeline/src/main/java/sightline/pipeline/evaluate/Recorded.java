package sightline.pipeline.evaluate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import reactor.core.scheduler.Schedulers;
import sightline.config.contract.Codecs;
import sightline.config.contract.MalformedRecordException;
import sightline.config.contract.Topics;
import sightline.config.domain.Detections;
import sightline.config.domain.Scan;
import sightline.config.site.Site;
import sightline.operators.perception.Perceiver;
import sightline.pipeline.topology.Ground;
import sightline.sensors.dataset.Autoferry;
import sightline.sensors.dataset.Wildtrack;
import sightline.sensors.kafka.ConsumerProfile;
import sightline.sensors.kafka.Inbound;
import sightline.sensors.kafka.Intake;
import sightline.sensors.kafka.KafkaSource;
import sightline.sensors.scene.BoxPerturbation;

/**
 * A recording that fusion can be run over again.
 *
 * @param site its roster
 * @param scans in the order in which they are offered
 * @param unreadable records of a topic that were no scans of the roster
 */
public record Recorded(Site site, List<Scan> scans, int unreadable) {
    private static final double DETECTION = 0.85;

    private static final Comparator<Scan> BY_EXPOSURE = Comparator.comparingLong(
                    (Scan s) -> s.time().exposureNanos())
            .thenComparing(Scan::sensor)
            .thenComparingLong(Scan::epoch)
            .thenComparingLong(Scan::sequence);

    public Recorded {
        scans = List.copyOf(scans);
    }

    /** Seven cameras' boxes from perturbed ground truth, instant by instant. */
    public static Recorded wildtrack(Path folder, int nodes, long seed) {
        Wildtrack data = Wildtrack.open(folder);
        Site site = data.site(nodes, DETECTION, BoxPerturbation.TYPICAL.falseAlarms());
        Ground ground = new Ground(site);
        List<Scan> scans = new ArrayList<>();
        for (int camera = 0; camera < data.calibrations().size(); camera++) {
            data.detections(camera, BoxPerturbation.TYPICAL, seed, 0, Schedulers.immediate())
                    .open()
                    .toStream()
                    .forEach(seen -> ground.place(seen).ifPresent(scans::add));
        }
        scans.sort(BY_EXPOSURE);
        return new Recorded(site, scans, 0);
    }

    /** One scenario, in the order of its file, which is not always that of its times. */
    public static Recorded autoferry(Path folder) {
        Autoferry data = Autoferry.open(folder, Autoferry.Noise.DEFAULT);
        return new Recorded(data.site(), data.scans(), 0);
    }

    /** PETS 2009 S2L1, view 1, as a detector sees it. */
    public static Recorded pets(Path data, Perceiver<Detections> detector) {
        PetsScene scene = PetsScene.open(data);
        List<Scan> scans = PetsReplay.look(scene, detector, frame -> {}).stream()
                .map(scene.ground()::place)
                .toList();
        return new Recorded(scene.site(), scans, 0);
    }

    /**
     * What the detection and measurement topics of a cluster hold now, by exposure time. Reads outside any group and
     * commits nothing.
     *
     * @param most scans that are kept in memory; more is an error, not a cut
     */
    public static Recorded topics(String bootstrapServers, Site site, int most) {
        Ground ground = new Ground(site);
        List<Scan> scans = new ArrayList<>();
        int[] unreadable = new int[1];
        KafkaSource source = KafkaSource.builder(bootstrapServers)
                .name("fusion-replay")
                .intake(new Intake.Assigned(
                        List.of(Topics.DETECTION_CAMERA.name(), Topics.MEASUREMENT_SENSOR.name()),
                        List.of(),
                        Intake.oldest()))
                .profile(ConsumerProfile.transactional())
                .untilEnd()
                .build();
        Inbound.discarding(source.records())
                .doOnNext(record -> {
                    int before = scans.size();
                    read(record, ground, scans);
                    if (scans.size() == before && !record.tombstone()) {
                        unreadable[0]++;
                    }
                    record.acknowledge();
                    if (scans.size() > most) {
                        throw new IllegalStateException("the topics hold more than " + most + " scans");
                    }
                })
                .blockLast();
        scans.removeIf(scan -> {
            boolean strange = site.sensor(scan.sensor()).isEmpty();
            unreadable[0] += strange ? 1 : 0;
            return strange;
        });
        scans.sort(BY_EXPOSURE);
        return new Recorded(site, scans, unreadable[0]);
    }

    private static void read(Inbound record, Ground ground, List<Scan> out) {
        if (record.tombstone() || record.value().length == 0) {
            return;
        }
        try {
            if (record.topic().equals(Topics.DETECTION_CAMERA.name())) {
                ground.place(Codecs.DETECTIONS.decode(record.value())).ifPresent(out::add);
            } else {
                out.add(Codecs.SCAN.decode(record.value()));
            }
        } catch (MalformedRecordException e) {
            // Counted by the caller: a replay goes on without what nobody can read.
            return;
        }
    }
}
