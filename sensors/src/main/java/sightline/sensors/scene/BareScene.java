package sightline.sensors.scene;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import sightline.config.domain.FrameHeader;
import sightline.sensors.geometry.CameraModel;

/**
 * The plaza's painters without the plaza: given people and vehicles on plain paving with marks on it, and nothing else.
 * For pictures of which every object must be accounted for.
 *
 * <p>The ground is cast when the scene is made, which costs about a microsecond a pixel. Not safe for threads. Equal
 * arguments give equal pixels on every machine.
 */
public final class BareScene {
    private static final double FILM_NOISE = 1.2;

    private final Renderer renderer;
    private final double hour;

    /**
     * @param camera pinhole; its calibration says the size of the picture
     * @param marks on the ground, later ones over earlier ones
     * @param hour time of day that gives the light, 0..24
     */
    public BareScene(CameraModel camera, List<GroundMark> marks, double hour) {
        this.renderer = new Renderer(new Eye(camera), new Townscape(marks), FILM_NOISE);
        this.hour = hour;
    }

    /**
     * Draws a picture.
     *
     * @param header what the picture is to be called; its size is the camera's
     * @param sunshine share of the sun that passes the clouds, 0..1
     * @param seed of the film's noise
     */
    public Picture draw(FrameHeader header, List<ActorState> cast, double sunshine, long seed) {
        SplittableRandom noise = new SplittableRandom(seed);
        byte[] rgb = new byte[3 * header.width() * header.height()];
        renderer.draw(cast, hour, (float) sunshine, noise, rgb);
        return new Picture(header, rgb, renderer.labels());
    }

    /** Which of the cast each pixel of the last picture shows, by place in the cast; -1 for the ground and the sky. */
    public int owner(int pixel) {
        return renderer.owner(pixel);
    }

    /** Depth along the viewing axis of a pixel of the last picture, metres; empty for the sky. */
    public Optional<Float> depth(int pixel) {
        float depth = renderer.depth(pixel);
        return depth == Float.MAX_VALUE ? Optional.empty() : Optional.of(depth);
    }
}
