package sightline.sensors.scene;

import java.time.Instant;

/**
 * What plaza to make. Two equal settings make equal worlds, down to the bytes of every picture.
 *
 * @param scene name of the scene
 * @param seed everything that is random follows from it
 * @param startNanos the scene's time zero, nanoseconds since the Unix epoch
 * @param people how many walk about at a time, roughly
 * @param vehicles how many drive, roughly; the first crosses the plaza slowly, the others use the road
 * @param cameras how many, around the plaza
 * @param radars how many
 * @param nodes fusion nodes that share the sensors
 * @param width picture width, pixels
 * @param height picture height, pixels
 * @param framesPerSecond of every camera; their exposures are staggered
 * @param startHour time of day at time zero, hours
 * @param hoursPerMinute how fast the day passes
 * @param falls whether somebody falls and lies on the ground now and then
 */
public record PlazaSettings(
        String scene,
        long seed,
        long startNanos,
        int people,
        int vehicles,
        int cameras,
        int radars,
        int nodes,
        int width,
        int height,
        double framesPerSecond,
        double startHour,
        double hoursPerMinute,
        boolean falls) {
    private static final long NEW_YEAR_NOON =
            Instant.parse("2026-01-01T12:00:00Z").getEpochSecond() * 1_000_000_000L;

    public PlazaSettings {
        if (cameras < 0 || radars < 0 || people < 0 || vehicles < 0) {
            throw new IllegalArgumentException("a plaza cannot have fewer than 0 people, vehicles or sensors");
        }
        if (nodes < 1 || nodes > Math.max(1, cameras + radars)) {
            throw new IllegalArgumentException(
                    nodes + " nodes cannot share " + (cameras + radars) + " sensors: each needs at least one");
        }
        if (!(framesPerSecond > 0) || framesPerSecond > 240) {
            throw new IllegalArgumentException("framesPerSecond " + framesPerSecond + " is not in (0, 240]");
        }
        if (width < 64 || height < 48 || width > 4096 || height > 4096) {
            throw new IllegalArgumentException("a picture of " + width + "x" + height + " is not in 64x48..4096x4096");
        }
    }

    /** Four cameras, one radar, three nodes, fourteen people, noon on New Year's day 2026. */
    public static PlazaSettings of(long seed) {
        return new PlazaSettings("plaza", seed, NEW_YEAR_NOON, 14, 4, 4, 1, 3, 640, 360, 10, 13.5, 0, true);
    }

    public PlazaSettings startingAt(long nanos) {
        return new PlazaSettings(
                scene,
                seed,
                nanos,
                people,
                vehicles,
                cameras,
                radars,
                nodes,
                width,
                height,
                framesPerSecond,
                startHour,
                hoursPerMinute,
                falls);
    }

    public PlazaSettings withCrowd(int newPeople, int newVehicles) {
        return new PlazaSettings(
                scene,
                seed,
                startNanos,
                newPeople,
                newVehicles,
                cameras,
                radars,
                nodes,
                width,
                height,
                framesPerSecond,
                startHour,
                hoursPerMinute,
                falls);
    }

    public PlazaSettings withSensors(int newCameras, int newRadars, int newNodes) {
        return new PlazaSettings(
                scene,
                seed,
                startNanos,
                people,
                vehicles,
                newCameras,
                newRadars,
                newNodes,
                width,
                height,
                framesPerSecond,
                startHour,
                hoursPerMinute,
                falls);
    }

    public PlazaSettings withPicture(int newWidth, int newHeight, double newFramesPerSecond) {
        return new PlazaSettings(
                scene,
                seed,
                startNanos,
                people,
                vehicles,
                cameras,
                radars,
                nodes,
                newWidth,
                newHeight,
                newFramesPerSecond,
                startHour,
                hoursPerMinute,
                falls);
    }

    public PlazaSettings withDay(double newStartHour, double newHoursPerMinute) {
        return new PlazaSettings(
                scene,
                seed,
                startNanos,
                people,
                vehicles,
                cameras,
                radars,
                nodes,
                width,
                height,
                framesPerSecond,
                newStartHour,
                newHoursPerMinute,
                falls);
    }

    public PlazaSettings withFalls(boolean newFalls) {
        return new PlazaSettings(
                scene,
                seed,
                startNanos,
                people,
                vehicles,
                cameras,
                radars,
                nodes,
                width,
                height,
                framesPerSecond,
                startHour,
                hoursPerMinute,
                newFalls);
    }
}
