package sightline.sensors.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sightline.config.domain.Origin;
import sightline.config.domain.TruthPoint;
import sightline.config.site.Calibration;
import sightline.config.site.Distortion;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;
import sightline.sensors.geometry.CameraModel;
import sightline.sensors.geometry.Mount;
import sightline.sensors.geometry.WorldPoint;

/**
 * The simulated scene: one seed gives the layout, the people, their ways, the sensors and their errors.
 *
 * <p>Nothing here has a clock or keeps state: {@link #cast(long)}, {@link #truth(long)} and every sensor's observations
 * are functions of time or sequence number. All methods may be called from any thread.
 */
public final class Plaza {
    /** Version of every calibration in the scene. */
    public static final String CALIBRATION = "scene-1";

    private static final long TICK_NANOS = 100_000_000L;
    private static final double PIXEL_SIGMA = 0.5;

    private final PlazaSettings settings;
    private final Layout layout;
    private final Cast cast;
    private final List<SimulatedCamera> cameras = new ArrayList<>();
    private final List<SimulatedRadar> radars = new ArrayList<>();
    private final Site site;

    private Plaza(PlazaSettings settings) {
        this.settings = settings;
        this.layout = new Layout(settings.seed());
        this.cast = new Cast(settings, layout);
        List<String> nodes = new ArrayList<>();
        for (int i = 0; i < settings.nodes(); i++) {
            nodes.add("node-" + (i + 1));
        }
        List<SensorSpec> sensors = new ArrayList<>();
        for (int i = 0; i < settings.cameras(); i++) {
            addCamera(i, nodes.get(i % nodes.size()), sensors);
        }
        for (int i = 0; i < settings.radars(); i++) {
            addRadar(i, nodes.get(Math.floorMod(settings.nodes() - 1 - i, nodes.size())), sensors);
        }
        this.site = new Site(settings.scene(), nodes, sensors, layout.zones(), layout.lines(), TICK_NANOS);
    }

    public static Plaza of(PlazaSettings settings) {
        return new Plaza(settings);
    }

    /** Four cameras stand in the corners, more of them in between; all look inwards and slightly past the middle. */
    private void addCamera(int i, String node, List<SensorSpec> sensors) {
        int around = Math.max(4, settings.cameras());
        double angle = Math.PI * (0.25 + 2.0 * i / around) + Math.PI;
        double east = 19.5 * Math.signum(Math.cos(angle)) * Math.min(1, 1.45 * Math.abs(Math.cos(angle)));
        double north = 13.2 * Math.signum(Math.sin(angle)) * Math.min(1, 1.45 * Math.abs(Math.sin(angle)));
        var random = Seeds.of(settings.seed(), "camera", i);
        WorldPoint position = new WorldPoint(east, north, 4.4 + random.nextDouble(1.8));
        WorldPoint target = new WorldPoint(
                -0.12 * east + random.nextDouble(-1.5, 1.5), -0.08 * north + random.nextDouble(-1, 1), 0.6);
        String name = "cam-" + (i + 1);
        Calibration calibration = new Mount(position, target, Math.toRadians(60 + random.nextDouble(8)))
                .calibration(
                        name,
                        CALIBRATION,
                        settings.width(),
                        settings.height(),
                        new Distortion.PlumbBob(-0.06 - random.nextDouble(0.04), 0.012, 0, 0, 0),
                        PIXEL_SIGMA);
        cameras.add(new SimulatedCamera(this, i, name, CameraModel.of(calibration)));
        sensors.add(new SensorSpec(
                name, SensorSpec.Kind.CAMERA, node, Optional.of(calibration), east, north, 45, 0.9, 0.12));
    }

    private void addRadar(int i, String node, List<SensorSpec> sensors) {
        double east = (i % 2 == 0 ? -1 : 1) * 6.0;
        double north = (i / 2) % 2 == 0 ? 15.5 : -15.5;
        String name = "radar-" + (i + 1);
        radars.add(new SimulatedRadar(this, i, name, east, north));
        sensors.add(new SensorSpec(
                name,
                SensorSpec.Kind.RADAR,
                node,
                Optional.empty(),
                east,
                north,
                SimulatedRadar.RANGE,
                SimulatedRadar.DETECTION,
                SimulatedRadar.CLUTTER));
    }

    public PlazaSettings settings() {
        return settings;
    }

    /** Roster, calibrations, zones and lines, as fusion needs them. */
    public Site site() {
        return site;
    }

    public List<SimulatedCamera> cameras() {
        return List.copyOf(cameras);
    }

    public List<SimulatedRadar> radars() {
        return List.copyOf(radars);
    }

    public Optional<SimulatedCamera> camera(String name) {
        return cameras.stream().filter(c -> c.name().equals(name)).findFirst();
    }

    public Optional<SimulatedRadar> radar(String name) {
        return radars.stream().filter(r -> r.name().equals(name)).findFirst();
    }

    /** Time of day, 0..24. */
    public double hour(long nanos) {
        double minutes = (nanos - settings.startNanos()) / 6e10;
        double hour = settings.startHour() + settings.hoursPerMinute() * minutes;
        return hour - 24 * Math.floor(hour / 24);
    }

    /** Share of the sun that passes the clouds, 0..1; changes over tens of seconds. */
    public double sunshine(long nanos) {
        double seconds = (nanos - settings.startNanos()) / 1e9;
        int layer = (int) settings.seed();
        double cover = 0.7 * Grain.smooth(seconds / 40, 0.5, layer) + 0.3 * Grain.smooth(seconds / 13, 7.5, layer);
        double overcast = Grain.cell(layer, 3, 17);
        return Math.clamp(1.25 - (0.5 + 1.1 * overcast) * cover, 0.08, 1);
    }

    Layout layout() {
        return layout;
    }

    /** Everyone and everything that moves, at an instant. */
    public List<ActorState> cast(long nanos) {
        return cast.at((nanos - settings.startNanos()) / 1e9);
    }

    /** Where they really are. */
    public List<TruthPoint> truth(long nanos) {
        List<TruthPoint> out = new ArrayList<>();
        for (ActorState actor : cast(nanos)) {
            out.add(new TruthPoint(
                    actor.id(),
                    actor.label(),
                    nanos,
                    actor.east(),
                    actor.north(),
                    actor.velocityEast(),
                    actor.velocityNorth(),
                    Origin.SIMULATED));
        }
        return out;
    }
}
