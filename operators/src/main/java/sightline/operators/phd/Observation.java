package sightline.operators.phd;

import sightline.operators.possibility.Spd;

/**
 * One observation of a scan with its error, in site metres and radians counter-clockwise from east. All kinds depend on
 * the target's position only. Immutable; constructors refuse numbers that no filter can use, so that bad input fails
 * before any state is touched.
 */
public sealed interface Observation {
    /**
     * Log-credibility that this is a false alarm, at most 0; 0 says that nothing is known of false alarms.
     *
     * @see FalseAlarms
     */
    double logFalseAlarm();

    /** Fills innovation, Jacobian with respect to (east, north) and error covariance at a predicted position. */
    void linearise(double east, double north, Linearisation out);

    /** Whether a target can be placed from this observation alone; {@link #place} then says where. */
    boolean placeable();

    /** Position implied by the observation alone: innovation fields hold east and north, error fields the covariance. */
    void place(Linearisation out);

    /**
     * A position: radar in Cartesian form, lidar, or the foot point of a box projected on the ground.
     *
     * @param east metres
     * @param north metres
     * @param varEast square metres
     * @param covariance square metres
     * @param varNorth square metres
     * @param logFalseAlarm at most 0
     */
    record Position(double east, double north, double varEast, double covariance, double varNorth, double logFalseAlarm)
            implements Observation {
        public Position {
            Checks.finite("position", east + north);
            Checks.logCredibility(logFalseAlarm);
            if (!Spd.isCovariance(new double[] {varEast, covariance, covariance, varNorth}, 2)) {
                throw new IllegalArgumentException("covariance [" + varEast + " " + covariance + "; " + covariance + " "
                        + varNorth + "] is not positive definite");
            }
        }

        @Override
        public void linearise(double atEast, double atNorth, Linearisation out) {
            out.dimension = 2;
            out.e0 = east - atEast;
            out.e1 = north - atNorth;
            out.h00 = 1;
            out.h01 = 0;
            out.h10 = 0;
            out.h11 = 1;
            out.r00 = varEast;
            out.r01 = covariance;
            out.r11 = varNorth;
        }

        @Override
        public boolean placeable() {
            return true;
        }

        @Override
        public void place(Linearisation out) {
            linearise(0, 0, out);
        }
    }

    /**
     * Range and bearing from a sensor.
     *
     * @param range metres
     * @param bearing radians
     * @param varRange square metres
     * @param varBearing square radians
     * @param fromEast place of the sensor, metres
     * @param fromNorth place of the sensor, metres
     * @param logFalseAlarm at most 0
     */
    record RangeBearing(
            double range,
            double bearing,
            double varRange,
            double varBearing,
            double fromEast,
            double fromNorth,
            double logFalseAlarm)
            implements Observation {
        public RangeBearing {
            Checks.finite("range and bearing", range + bearing + fromEast + fromNorth);
            Checks.positive("range", range);
            Checks.positive("variance of range", varRange);
            Checks.positive("variance of bearing", varBearing);
            Checks.logCredibility(logFalseAlarm);
        }

        @Override
        public void linearise(double atEast, double atNorth, Linearisation out) {
            double dx = atEast - fromEast;
            double dy = atNorth - fromNorth;
            double r2 = Math.max(1e-12, dx * dx + dy * dy);
            double r = Math.sqrt(r2);
            out.dimension = 2;
            out.e0 = range - r;
            out.e1 = Angles.wrap(bearing - StrictMath.atan2(dy, dx));
            out.h00 = dx / r;
            out.h01 = dy / r;
            out.h10 = -dy / r2;
            out.h11 = dx / r2;
            out.r00 = varRange;
            out.r01 = 0;
            out.r11 = varBearing;
        }

        @Override
        public boolean placeable() {
            return true;
        }

        @Override
        public void place(Linearisation out) {
            double c = StrictMath.cos(bearing);
            double s = StrictMath.sin(bearing);
            double across = range * range * varBearing;
            out.dimension = 2;
            out.e0 = fromEast + range * c;
            out.e1 = fromNorth + range * s;
            out.r00 = c * c * varRange + s * s * across;
            out.r01 = c * s * (varRange - across);
            out.r11 = s * s * varRange + c * c * across;
        }
    }

    /**
     * Only a direction: infrared and electro-optical sensors, or a person whose feet are hidden.
     *
     * @param bearing radians
     * @param varBearing square radians
     * @param fromEast place of the sensor, metres
     * @param fromNorth place of the sensor, metres
     * @param logFalseAlarm at most 0
     */
    record Bearing(double bearing, double varBearing, double fromEast, double fromNorth, double logFalseAlarm)
            implements Observation {
        public Bearing {
            Checks.finite("bearing", bearing + fromEast + fromNorth);
            Checks.positive("variance of bearing", varBearing);
            Checks.logCredibility(logFalseAlarm);
        }

        @Override
        public void linearise(double atEast, double atNorth, Linearisation out) {
            double dx = atEast - fromEast;
            double dy = atNorth - fromNorth;
            double r2 = Math.max(1e-12, dx * dx + dy * dy);
            out.dimension = 1;
            out.e0 = Angles.wrap(bearing - StrictMath.atan2(dy, dx));
            out.h00 = -dy / r2;
            out.h01 = dx / r2;
            out.r00 = varBearing;
        }

        @Override
        public boolean placeable() {
            return false;
        }

        @Override
        public void place(Linearisation out) {
            throw new UnsupportedOperationException("a bearing alone places nothing");
        }
    }
}
