package sightline.sensors.scene;

/** Draws vehicles as bevelled bodies with cabins, windows, wheels and lamps. */
final class VehiclePainter {
    private static final int GLASS = 0x26323a;
    private static final int TYRE = 0x17181a;
    private static final int HUB = 0x8b8e92;
    private static final int RIM = 14;

    private final Facet facet;
    private final Eye eye;
    private final double[][] face = new double[RIM][3];
    private final double[] normal = new double[3];
    private VehicleState vehicle;
    private Light light;
    private float sunshine;
    private double lamps;
    private short actor;
    private double cos;
    private double sin;

    VehiclePainter(Eye eye, Canvas canvas) {
        this.eye = eye;
        this.facet = new Facet(eye, canvas);
    }

    void paint(VehicleState newVehicle, Light newLight, float newSunshine, double newLamps, short newActor) {
        vehicle = newVehicle;
        light = newLight;
        sunshine = newSunshine;
        lamps = newLamps;
        actor = newActor;
        cos = Math.cos(vehicle.heading());
        sin = Math.sin(vehicle.heading());
        VehicleShape s = vehicle.shape();
        double half = 0.5 * s.length();
        double wide = 0.5 * s.width();
        double floor = 0.2;
        double bevel = 0.1 * s.deck();
        double nose = s.cabinTo() < 0.4 * s.length() ? 0.16 * s.deck() : 0.02;
        double[][] profile = {
            {-half + 0.05, floor},
            {half - 0.08, floor},
            {half, floor + 0.15},
            {half - 0.02, s.deck() - nose - bevel},
            {half - 0.14, s.deck() - nose},
            {Math.min(s.cabinTo() + 0.05, half - 0.16), s.deck()},
            {-half + 0.08, s.deck()},
            {-half, s.deck() - bevel},
            {-half, floor + 0.15}
        };
        prism(profile, wide, wide, s.colour(), false);
        double[][] cabin = {
            {s.cabinFrom(), s.deck() - 0.01},
            {s.cabinTo(), s.deck() - 0.01},
            {s.cabinTo() - s.slope() * (nose > 0.05 ? 1.5 : 1), s.height()},
            {s.cabinFrom() + s.slope(), s.height()}
        };
        double roof = nose > 0.05 ? 0.8 * wide : 0.96 * wide;
        prism(cabin, 0.97 * wide, roof, s.colour(), false);
        windows(s, cabin, 0.97 * wide, roof);
        lights(s, half, wide);
        for (int side = -1; side <= 1; side += 2) {
            wheel(0.31 * s.length(), side * (wide + 0.01), s.deck() > 1 ? 0.45 : 0.32, side);
            wheel(-0.31 * s.length(), side * (wide + 0.01), s.deck() > 1 ? 0.45 : 0.32, side);
        }
    }

    /** A profile drawn out across the vehicle; {@code top} is the half width at the profile's highest points. */
    private void prism(double[][] profile, double base, double top, int colour, boolean painted) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double[] p : profile) {
            low = Math.min(low, p[1]);
            high = Math.max(high, p[1]);
        }
        int n = profile.length;
        for (int side = -1; side <= 1; side += 2) {
            for (int i = 0; i < n; i++) {
                int k = side > 0 ? n - 1 - i : i;
                double f = (profile[k][1] - low) / (high - low);
                corner(i, profile[k][0], side * (base + f * (top - base)), profile[k][1]);
            }
            show(n, colour, painted, 1);
        }
        for (int i = 0; i < n; i++) {
            double[] p = profile[i];
            double[] q = profile[(i + 1) % n];
            double wp = base + (p[1] - low) / (high - low) * (top - base);
            double wq = base + (q[1] - low) / (high - low) * (top - base);
            corner(0, p[0], -wp, p[1]);
            corner(1, p[0], wp, p[1]);
            corner(2, q[0], wq, q[1]);
            corner(3, q[0], -wq, q[1]);
            show(4, colour, painted, 1);
        }
    }

    private void windows(VehicleShape s, double[][] cabin, double base, double roof) {
        boolean van = s.label() == sightline.config.domain.ObjectClass.TRUCK;
        double z0 = s.deck() + 0.06;
        double z1 = s.height() - (s.height() - s.deck() > 1 ? 0.45 : 0.1);
        double f0 = (z0 - s.deck()) / (s.height() - s.deck());
        double f1 = (z1 - s.deck()) / (s.height() - s.deck());
        double rear0 = cabin[0][0] + f0 * (cabin[3][0] - cabin[0][0]);
        double rear1 = cabin[0][0] + f1 * (cabin[3][0] - cabin[0][0]);
        double front0 = cabin[1][0] + f0 * (cabin[2][0] - cabin[1][0]);
        double front1 = cabin[1][0] + f1 * (cabin[2][0] - cabin[1][0]);
        double w0 = base + f0 * (roof - base);
        double w1 = base + f1 * (roof - base);
        int panes = van ? 1 : s.length() > 8 ? 7 : 2;
        double span = van ? 1.1 : front0 - rear0 - 0.2;
        for (int side = -1; side <= 1; side += 2) {
            for (int i = 0; i < panes; i++) {
                double a = front0 - 0.12 - span * i / panes;
                double b = front0 - 0.12 - span * (i + 1) / panes + 0.07;
                double pullA = i == 0 ? front1 - front0 : 0;
                double pullB = i == panes - 1 && !van ? rear1 - rear0 : 0;
                pane(a, b, a + pullA, b + pullB, side * w0, side * w1, z0, z1, side);
            }
        }
        across(front0, front1, 0.9 * w0, 0.9 * w1, z0, z1, true);
        if (!van) {
            across(rear0, rear1, 0.9 * w0, 0.9 * w1, z0, z1, false);
        }
    }

    private void pane(
            double a, double b, double aTop, double bTop, double y0, double y1, double z0, double z1, int side) {
        double out = 0.012 * side;
        if (side > 0) {
            corner(0, a, y0 + out, z0);
            corner(1, b, y0 + out, z0);
            corner(2, bTop, y1 + out, z1);
            corner(3, aTop, y1 + out, z1);
        } else {
            corner(0, b, y0 + out, z0);
            corner(1, a, y0 + out, z0);
            corner(2, aTop, y1 + out, z1);
            corner(3, bTop, y1 + out, z1);
        }
        show(4, GLASS, true, 1);
    }

    private void across(double x0, double x1, double w0, double w1, double z0, double z1, boolean front) {
        double out = front ? 0.012 : -0.012;
        int sign = front ? 1 : -1;
        corner(0, x0 + out, -sign * w0, z0);
        corner(1, x0 + out, sign * w0, z0);
        corner(2, x1 + out, sign * w1, z1);
        corner(3, x1 + out, -sign * w1, z1);
        show(4, GLASS, true, 1);
    }

    private void lights(VehicleShape s, double half, double wide) {
        double z = 0.62 * s.deck();
        for (int side = -1; side <= 1; side += 2) {
            double y = side * 0.78 * wide;
            plate(half + 0.012, y, 0.16, z, 0.07, true, 0xfff4d8, 0.7 + 2 * light.lamps());
            plate(-half - 0.012, y, 0.12, z, 0.09, false, 0xb01818, 0.8 + light.lamps());
        }
        plate(half + 0.012, 0, 0.26, 0.42, 0.06, true, 0xe8e8e0, 1);
        plate(-half - 0.012, 0, 0.26, 0.45, 0.06, false, 0xe8e8e0, 1);
    }

    private void plate(double x, double y, double w, double z, double tall, boolean front, int colour, double glow) {
        int sign = front ? 1 : -1;
        corner(0, x, y - sign * w, z - tall);
        corner(1, x, y + sign * w, z - tall);
        corner(2, x, y + sign * w, z + tall);
        corner(3, x, y - sign * w, z + tall);
        show(4, colour, true, glow);
    }

    private void wheel(double x, double y, double radius, int side) {
        rim(x, y, radius, radius, side);
        show(RIM, TYRE, false, 1);
        rim(x, y + side * 0.01, radius, 0.6 * radius, side);
        show(RIM, HUB, true, 1);
    }

    private void rim(double x, double y, double axle, double radius, int side) {
        for (int i = 0; i < RIM; i++) {
            double angle = 2 * Math.PI * i / RIM * -side;
            corner(i, x + radius * Math.cos(angle), y, axle + radius * Math.sin(angle));
        }
    }

    private void corner(int i, double along, double left, double up) {
        face[i][0] = vehicle.east() + along * cos - left * sin;
        face[i][1] = vehicle.north() + along * sin + left * cos;
        face[i][2] = up;
    }

    private void show(int count, int colour, boolean painted, double glow) {
        double[] a = face[0];
        double[] b = face[1];
        double[] c = face[2];
        double ue = b[0] - a[0];
        double un = b[1] - a[1];
        double uu = b[2] - a[2];
        double ve = c[0] - a[0];
        double vn = c[1] - a[1];
        double vu = c[2] - a[2];
        normal[0] = un * vu - uu * vn;
        normal[1] = uu * ve - ue * vu;
        normal[2] = ue * vn - un * ve;
        double length = Math.sqrt(normal[0] * normal[0] + normal[1] * normal[1] + normal[2] * normal[2]);
        double toEye = normal[0] * (eye.east - a[0]) + normal[1] * (eye.north - a[1]) + normal[2] * (eye.up - a[2]);
        if (length < 1e-9 || toEye <= 0) {
            return;
        }
        double facing = (normal[0] * light.east() + normal[1] * light.north() + normal[2] * light.up()) / length;
        double sun = sunshine * Math.max(0, facing);
        double open = 0.6 + 0.4 * normal[2] / length;
        // Paint and glass mirror some of the sky, more so seen flat.
        double flat = 1 - toEye / length / Math.max(0.1, distance(a));
        double mirror = 0.05 + 0.4 * Math.max(0, flat * flat * flat);
        float[] light3 = new float[3];
        for (int k = 0; k < 3; k++) {
            float base = k == 0 ? Tone.red(colour) : k == 1 ? Tone.green(colour) : Tone.blue(colour);
            light3[k] = (float)
                    (base * glow * (light.sun()[k] * sun + light.sky()[k] * (open + 0.12) + lamps * Backdrop.LAMP[k])
                            + mirror * light.sky()[k] * (0.5 + 0.5 * open));
        }
        facet.fill(face, count, light3[0], light3[1], light3[2], painted, actor);
    }

    private double distance(double[] p) {
        return Math.sqrt((eye.east - p[0]) * (eye.east - p[0])
                + (eye.north - p[1]) * (eye.north - p[1])
                + (eye.up - p[2]) * (eye.up - p[2]));
    }
}
