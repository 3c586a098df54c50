package sightline.sensors.scene;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws the frames of one camera. The empty plaza is cast once a light and kept; what moves is drawn on a copy of it, from
 * far to near, against its depth. Not safe for threads: its camera serialises the calls.
 */
final class Renderer {
    private static final double HOUR_STEP = 0.1;

    private final Plaza plaza;
    private final Eye eye;
    private final Townscape town;
    private final Film film;
    private final int index;
    private Backdrop backdrop;
    private Light light;
    private float exposure;
    private Canvas canvas;
    private Brush brush;
    private PersonPainter people;
    private VehiclePainter vehicles;
    private ShadowPainter shadows;
    private int capacity = -1;

    Renderer(Plaza plaza, SimulatedCamera camera, int index) {
        this.plaza = plaza;
        this.index = index;
        this.eye = new Eye(camera.model());
        this.town = new Townscape(plaza.settings().seed(), plaza.layout());
        this.film = new Film(
                eye.width,
                eye.height,
                1.2 + Seeds.of(plaza.settings().seed(), "film", index).nextDouble(1.8));
    }

    Picture draw(SimulatedCamera camera, long sequence) {
        long nanos = camera.exposureNanos(sequence);
        List<ActorState> actors = inView(plaza.cast(nanos));
        prepare(actors.size(), plaza.hour(nanos));
        float sunshine = (float) plaza.sunshine(nanos);
        canvas.begin(backdrop);
        boolean[] sunny = new boolean[actors.size()];
        for (int i = 0; i < actors.size(); i++) {
            ActorState actor = actors.get(i);
            sunny[i] = !town.shaded(actor.east(), actor.north(), 0.9, light);
            switch (actor) {
                case PersonState person -> shadows.person(person, backdrop, light, sunny[i]);
                case VehicleState vehicle -> shadows.vehicle(vehicle, backdrop, light, sunny[i]);
            }
        }
        canvas.illuminate(backdrop, sunshine);
        double[] upwards = {0, 0, 1};
        for (int i = 0; i < actors.size(); i++) {
            ActorState actor = actors.get(i);
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
        byte[] rgb = new byte[3 * eye.width * eye.height];
        SplittableRandom random = Seeds.of(plaza.settings().seed(), "noise", index, sequence);
        film.develop(canvas.light, exposure, random, rgb);
        return new Picture(camera.header(sequence), rgb, new DrawnLabels(eye, canvas).of(actors));
    }

    /** Farthest first; what lies behind or far outside the picture is left out. */
    private List<ActorState> inView(List<ActorState> cast) {
        double[] at = new double[3];
        record Far(ActorState actor, double depth) {}
        List<Far> seen = new ArrayList<>();
        for (ActorState actor : cast) {
            double reach = actor instanceof VehicleState v ? v.shape().length() : 1.5;
            if (eye.project(actor.east(), actor.north(), 0.5, at)) {
                double margin = 2 * eye.focal * reach / at[2];
                if (at[0] > -margin && at[0] < eye.width + margin && at[1] > -margin && at[1] < eye.height + margin) {
                    seen.add(new Far(actor, at[2]));
                }
            }
        }
        seen.sort(Comparator.comparingDouble(Far::depth).reversed());
        return seen.stream().map(Far::actor).toList();
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
