package sightline.sensors.scene;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws what one eye sees. The empty scene is cast once a light and kept; what moves is drawn on a copy of it, from far to
 * near, against its depth. Not safe for threads.
 */
final class Renderer {
    private static final double HOUR_STEP = 0.1;

    private final Eye eye;
    private final Townscape town;
    private final Film film;
    private Backdrop backdrop;
    private Light light;
    private float exposure;
    private Canvas canvas;
    private Brush brush;
    private PersonPainter people;
    private VehiclePainter vehicles;
    private ShadowPainter shadows;
    private int capacity = -1;
    private List<Seen> seen = List.of();

    /** An actor in the picture, and its place in the cast. */
    private record Seen(ActorState actor, int place, double depth) {}

    /** @param grain of the film, 8-bit values */
    Renderer(Eye eye, Townscape town, double grain) {
        this.eye = eye;
        this.town = town;
        this.film = new Film(eye.width, eye.height, grain);
    }

    /** Draws a picture as interleaved RGB; what it shows can be asked for until the next one. */
    void draw(List<ActorState> cast, double hour, float sunshine, SplittableRandom noise, byte[] rgb) {
        seen = inView(cast);
        prepare(seen.size(), hour);
        canvas.begin(backdrop);
        boolean[] sunny = new boolean[seen.size()];
        for (int i = 0; i < sunny.length; i++) {
            ActorState actor = seen.get(i).actor();
            sunny[i] = !town.shaded(actor.east(), actor.north(), 0.9, light);
            switch (actor) {
                case PersonState person -> shadows.person(person, backdrop, light, sunny[i]);
                case VehicleState vehicle -> shadows.vehicle(vehicle, backdrop, light, sunny[i]);
            }
        }
        canvas.illuminate(backdrop, sunshine);
        double[] upwards = {0, 0, 1};
        for (int i = 0; i < sunny.length; i++) {
            ActorState actor = seen.get(i).actor();
            float sun = sunny[i] ? sunshine : 0;
            double lamps = light.lamps() * town.lamplight(actor.east(), actor.north(), 1, upwards);
            switch (actor) {
                case PersonState person -> {
                    brush.light(light, sun, lamps, (short) i);
                    people.paint(person);
                }
                case VehicleState vehicle -> vehicles.paint(vehicle, light, sun, lamps, (short) i);
            }
        }
        film.develop(canvas.light, exposure, noise, rgb);
    }

    /** What the last picture shows. */
    List<ObjectLabel> labels() {
        return new DrawnLabels(eye, canvas).of(seen.stream().map(Seen::actor).toList());
    }

    /** Place in the cast of who shows in a pixel of the last picture, or -1. */
    int owner(int pixel) {
        short who = canvas.owner[pixel];
        return who < 0 ? -1 : seen.get(who).place();
    }

    float depth(int pixel) {
        return canvas.depth[pixel];
    }

    /** Farthest first; what lies behind or far outside the picture is left out. */
    private List<Seen> inView(List<ActorState> cast) {
        double[] at = new double[3];
        List<Seen> inside = new ArrayList<>();
        for (int i = 0; i < cast.size(); i++) {
            ActorState actor = cast.get(i);
            double reach = actor instanceof VehicleState v ? v.shape().length() : 1.5;
            if (eye.project(actor.east(), actor.north(), 0.5, at)) {
                double margin = 2 * eye.focal * reach / at[2];
                if (at[0] > -margin && at[0] < eye.width + margin && at[1] > -margin && at[1] < eye.height + margin) {
                    inside.add(new Seen(actor, i, at[2]));
                }
            }
        }
        inside.sort(Comparator.comparingDouble(Seen::depth).reversed());
        return inside;
    }

    private void prepare(int actors, double hour) {
        double step = Math.floor(hour / HOUR_STEP) * HOUR_STEP;
        if (light == null || light.hour() != step) {
            light = Light.at(step);
            backdrop = new Backdrop(eye, town, light);
            exposure = Film.exposure(backdrop);
        }
        if (actors > capacity) {
            capacity = Arrays.stream(new int[] {16, 2 * capacity, actors}).max().getAsInt();
            canvas = new Canvas(eye.width, eye.height, capacity);
            brush = new Brush(eye, canvas);
            people = new PersonPainter(brush);
            vehicles = new VehiclePainter(eye, canvas);
            shadows = new ShadowPainter(eye, canvas);
        }
    }
}
