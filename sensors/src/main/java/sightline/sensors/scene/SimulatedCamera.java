package sightline.sensors.scene;

import java.util.List;
import java.util.SplittableRandom;
import sightline.config.domain.Detections;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.sensors.decode.JpegEncoder;
import sightline.sensors.geometry.CameraModel;

/**
 * One camera of a plaza. Its frames are numbered from 0 at the scene's start; any number may be asked for at any time and
 * always gives the same answer.
 */
public final class SimulatedCamera {
    /** What is known of an exposure's instant. */
    static final long CLOCK_SIGMA_NANOS = 500_000;

    private final Plaza plaza;
    private final int index;
    private final String name;
    private final CameraModel model;
    private final long periodNanos;
    private final Object drawing = new Object();
    private Renderer renderer;
    private byte[] film;

    SimulatedCamera(Plaza plaza, int index, String name, CameraModel model) {
        this.plaza = plaza;
        this.index = index;
        this.name = name;
        this.model = model;
        this.periodNanos = Math.round(1e9 / plaza.settings().framesPerSecond());
    }

    public String name() {
        return name;
    }

    public CameraModel model() {
        return model;
    }

    public long periodNanos() {
        return periodNanos;
    }

    /** When a frame is exposed. Cameras take turns within the period. */
    public long exposureNanos(long sequence) {
        int cameras = Math.max(1, plaza.settings().cameras());
        return plaza.settings().startNanos() + periodNanos * sequence + periodNanos * index / cameras;
    }

    /** The first frame exposed at or after an instant. */
    public long sequenceAt(long nanos) {
        return Math.max(0, Math.ceilDiv(nanos - exposureNanos(0), periodNanos));
    }

    public FrameHeader header(long sequence) {
        return new FrameHeader(
                name,
                plaza.settings().startNanos(),
                sequence,
                new ObservationTime(exposureNanos(sequence), CLOCK_SIGMA_NANOS, "scene", 0, 0),
                Origin.SIMULATED,
                model.calibration().width(),
                model.calibration().height(),
                model.calibration().version(),
                "");
    }

    /** What is in a frame, judged by geometry alone; nothing is drawn. */
    public List<ObjectLabel> labels(long sequence) {
        return GeometricLabels.of(model, plaza.cast(exposureNanos(sequence)));
    }

    /** What a detector with those weaknesses would report of a frame. */
    public Detections detections(long sequence, BoxPerturbation perturbation) {
        SplittableRandom random = Seeds.of(plaza.settings().seed(), "detector", index, sequence);
        FrameHeader header = header(sequence);
        return new Detections(
                header,
                perturbation.apply(labels(sequence), header.width(), header.height(), random),
                BoxPerturbation.MODEL);
    }

    /**
     * Draws a frame. Calls are serialised; the first one, and every change of the light, casts the empty plaza anew and
     * takes some hundred milliseconds. Equal settings give equal pixels on every machine.
     */
    public Picture draw(long sequence) {
        FrameHeader header = header(sequence);
        byte[] rgb = new byte[3 * header.width() * header.height()];
        synchronized (drawing) {
            paint(sequence, rgb);
            return new Picture(header, rgb, renderer.labels());
        }
    }

    private void paint(long sequence, byte[] rgb) {
        if (renderer == null) {
            renderer = new Renderer(new Eye(model), new Townscape(seed(), plaza.layout()), grain());
        }
        long nanos = exposureNanos(sequence);
        renderer.draw(
                plaza.cast(nanos),
                plaza.hour(nanos),
                (float) plaza.sunshine(nanos),
                Seeds.of(seed(), "noise", index, sequence),
                rgb);
    }

    private long seed() {
        return plaza.settings().seed();
    }

    /** Every camera's film has its own. */
    private double grain() {
        return 1.2 + Seeds.of(seed(), "film", index).nextDouble(1.8);
    }

    /** Draws a frame and compresses it, as it would leave the camera; calls are serialised and share one buffer of pixels. */
    public EncodedFrame frame(long sequence, JpegEncoder encoder) {
        FrameHeader header = header(sequence);
        synchronized (drawing) {
            if (film == null) {
                film = new byte[3 * header.width() * header.height()];
            }
            paint(sequence, film);
            return new EncodedFrame(header, "image/jpeg", encoder.encode(film, header.width(), header.height()));
        }
    }
}
