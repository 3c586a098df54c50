package sightline.sensors.scene;

/**
 * Sun and sky at a time of day, in linear light after exposure.
 *
 * @param hour 0..24
 * @param east component of the unit direction towards the sun
 * @param north component of the unit direction towards the sun
 * @param up component of the unit direction towards the sun
 * @param sun its light (red, green, blue)
 * @param sky light from above (red, green, blue)
 * @param lamps how much the street lamps give, 0..1
 */
record Light(double hour, double east, double north, double up, float[] sun, float[] sky, double lamps) {
    private static final double HIGHEST = Math.toRadians(52);

    /** The light at an hour; the sun rises at six in the east and sets at eighteen in the west. */
    static Light at(double hour) {
        double day = (hour - 6) / 12 * Math.PI;
        double elevation = HIGHEST * Math.sin(day);
        double azimuth = Math.PI - (hour - 6) / 12 * Math.PI + Math.PI;
        double rise = Math.toRadians(4);
        double strength = Math.clamp((elevation + 0.03) / (rise + 0.1), 0, 1);
        double warm = Math.clamp(1 - elevation / Math.toRadians(25), 0, 1);
        float[] sun = {
            (float) (0.88 * strength),
            (float) ((0.82 - 0.2 * warm) * strength),
            (float) ((0.74 - 0.42 * warm) * strength)
        };
        double sky = 0.07 + 0.3 * Math.clamp((elevation + 0.18) / 0.5, 0, 1);
        float[] above = {(float) (sky * 0.9), (float) (sky * 0.97), (float) (sky * 1.1)};
        double shown = Math.max(elevation, Math.toRadians(5));
        return new Light(
                hour,
                Math.cos(shown) * Math.cos(azimuth),
                Math.cos(shown) * Math.sin(azimuth),
                Math.sin(shown),
                sun,
                above,
                Math.clamp(1 - (elevation + 0.05) / 0.2, 0, 1));
    }
}
