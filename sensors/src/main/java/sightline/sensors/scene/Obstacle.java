package sightline.sensors.scene;

/**
 * A round thing that people walk around.
 *
 * @param kind what stands there
 * @param east of its middle, metres
 * @param north of its middle, metres
 * @param radius metres
 * @param height metres
 * @param turn heading of things that have one, radians
 */
record Obstacle(Kind kind, double east, double north, double radius, double height, double turn) {
    enum Kind {
        FOUNTAIN,
        PLANTER,
        BENCH,
        LAMP
    }
}
