package sightline.pipeline.drill;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.Event;
import sightline.config.domain.FrameHeader;
import sightline.config.site.Site;
import sightline.operators.drill.Film;
import sightline.operators.drill.Play;
import sightline.pipeline.topology.Records;
import sightline.sensors.decode.JpegEncoder;
import sightline.sensors.geometry.CameraModel;
import sightline.sensors.kafka.Outbound;
import sightline.sensors.scene.ObjectLabel;
import sightline.sensors.scene.Picture;

/**
 * A play as several cameras film it, drawn and compressed before the curtain rises, so that drawing takes nothing from the
 * pipeline that is rehearsed. Holds its pictures: a few megabytes.
 */
public final class Performance {
    /** Where a drill enters the pipeline. */
    public enum Entry {
        /** Pictures, for the detector; and poses, told, because no pose network is shipped. */
        PICTURES,
        /** Detections and poses, for a pipeline that has no detector. */
        TOLD
    }

    /** One camera's frame. */
    private record Shot(Film film, int frame, byte[] jpeg, List<ObjectLabel> labels) {
        double seconds() {
            return film.seconds(frame);
        }
    }

    private final Site site;
    private final Play play;
    private final Entry entry;
    private final List<Shot> shots = new ArrayList<>();

    /**
     * @param cameras names and how they see
     * @param framesPerSecond of each camera
     */
    public Performance(
            Site site,
            Play play,
            Map<String, CameraModel> cameras,
            double framesPerSecond,
            long seed,
            Entry entry,
            JpegEncoder encoder) {
        this.site = site;
        this.play = play;
        this.entry = entry;
        cameras.forEach((name, model) -> {
            Film film = new Film(name, model, play, framesPerSecond, seed + name.hashCode());
            for (int n = 0; n < film.frames(); n++) {
                byte[] jpeg = entry == Entry.PICTURES ? compressed(film.draw(n), encoder) : new byte[0];
                shots.add(new Shot(film, n, jpeg, film.labels(n)));
            }
        });
        shots.sort(Comparator.comparingDouble(Shot::seconds));
    }

    /** A stage with nobody on it. */
    public static Performance ofNothing(
            Site site, Map<String, CameraModel> cameras, double framesPerSecond, Entry entry, JpegEncoder encoder) {
        Play nothing = new Play(Event.Kind.FALL, "", 0, 4, List.of());
        return new Performance(site, nothing, cameras, framesPerSecond, 0, entry, encoder);
    }

    private static byte[] compressed(Picture picture, JpegEncoder encoder) {
        ByteBuffer jpeg = encoder.encode(
                picture.rgb(), picture.header().width(), picture.header().height());
        byte[] bytes = new byte[jpeg.remaining()];
        jpeg.get(bytes);
        return bytes;
    }

    public Play play() {
        return play;
    }

    int size() {
        return shots.size();
    }

    /** When a shot is exposed, seconds since the curtain rose. */
    double seconds(int shot) {
        return shots.get(shot).seconds();
    }

    /** What that shot puts into the pipeline. */
    List<Outbound> records(int shot, long curtainNanos) {
        Shot taken = shots.get(shot);
        FrameHeader header = taken.film.header(curtainNanos, taken.frame);
        Outbound poses = Records.poses(site, taken.film.poses(header, taken.labels));
        return switch (entry) {
            case PICTURES ->
                List.of(poses, Records.frame(new EncodedFrame(header, "image/jpeg", ByteBuffer.wrap(taken.jpeg))));
            case TOLD -> List.of(poses, Records.detections(site, taken.film.detections(header, taken.labels)));
        };
    }
}
