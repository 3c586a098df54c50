package sightline.sensors.scene;

/** Something that stands still and that rays can hit. */
sealed interface Solid permits Cuboid, Drum, Ball {
    /**
     * The nearest hit of a ray, or infinity.
     *
     * @param ray origin and direction: east, north, up, then the direction's three components
     * @param normal receives the outward normal of the hit
     */
    double hit(double[] ray, double[] normal);

    Material material();

    /** A sphere that holds it: east, north, up of the middle, and the radius. */
    double[] bounds();
}
