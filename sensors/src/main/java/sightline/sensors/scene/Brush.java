package sightline.sensors.scene;

/**
 * Draws round things: a segment with a radius at each end, seen as its outline on the picture with the normals of a round
 * body, shaded by sun, sky and the ground's reflection. Edges are smooth; depth is exact along the segment.
 */
final class Brush {
    private final Eye eye;
    private final Canvas canvas;
    private final double[] a = new double[3];
    private final double[] b = new double[3];
    private final double[] sunDirection = new double[3];
    private final double[] upDirection = new double[3];
    private final double[] world = new double[3];
    private float sunshine;
    private Light light;
    private short actor;
    private double lamps;

    /** Gives a pixel of a body its colour. */
    interface Dye {
        /**
         * The reflectance as 0xRRGGBB.
         *
         * @param along 0 at the first end, 1 at the second
         * @param world outward normal in the world; valid during the call
         */
        int at(double along, double[] world);
    }

    Brush(Eye eye, Canvas canvas) {
        this.eye = eye;
        this.canvas = canvas;
        eye.toCamera(0, 0, 1, upDirection);
    }

    /** What falls on the body that is drawn next. */
    void light(Light newLight, float newSunshine, double newLamps, short newActor) {
        light = newLight;
        sunshine = newSunshine;
        lamps = newLamps;
        actor = newActor;
        eye.toCamera(light.east(), light.north(), light.up(), sunDirection);
    }

    Eye eye() {
        return eye;
    }

    /** A segment between two points with the radii of its ends, in metres. */
    void segment(double e0, double n0, double u0, double r0, double e1, double n1, double u1, double r1, Dye dye) {
        if (!eye.project(e0, n0, u0, a) || !eye.project(e1, n1, u1, b)) {
            return;
        }
        double ra = eye.focal * r0 / a[2];
        double rb = eye.focal * r1 / b[2];
        double widest = Math.max(ra, rb) + 1;
        int left = (int) Math.max(0, Math.floor(Math.min(a[0], b[0]) - widest));
        int right = (int) Math.min(canvas.width - 1.0, Math.ceil(Math.max(a[0], b[0]) + widest));
        int top = (int) Math.max(0, Math.floor(Math.min(a[1], b[1]) - widest));
        int bottom = (int) Math.min(canvas.height - 1.0, Math.ceil(Math.max(a[1], b[1]) + widest));
        double du = b[0] - a[0];
        double dv = b[1] - a[1];
        double square = Math.max(1e-9, du * du + dv * dv);
        for (int y = top; y <= bottom; y++) {
            for (int x = left; x <= right; x++) {
                double pu = x + 0.5 - a[0];
                double pv = y + 0.5 - a[1];
                double t = (pu * du + pv * dv) / square;
                t = t < 0 ? 0 : t > 1 ? 1 : t;
                double ou = pu - t * du;
                double ov = pv - t * dv;
                double radius = ra + t * (rb - ra);
                double distance = Math.sqrt(ou * ou + ov * ov);
                double cover = radius - distance + 0.5;
                if (cover > 0) {
                    dab(y * canvas.width + x, t, ou / radius, ov / radius, r0 + t * (r1 - r0), Math.min(1, cover), dye);
                }
            }
        }
    }

    private void dab(int pixel, double t, double nx, double ny, double radius, double cover, Dye dye) {
        double flat = nx * nx + ny * ny;
        if (flat > 1) {
            double scale = 1 / Math.sqrt(flat);
            nx *= scale;
            ny *= scale;
            flat = 1;
        }
        double nz = -Math.sqrt(1 - flat);
        double facing = nx * sunDirection[0] + ny * sunDirection[1] + nz * sunDirection[2];
        double upward = nx * upDirection[0] + ny * upDirection[1] + nz * upDirection[2];
        eye.toWorld(nx, ny, nz, world);
        int rgb = dye.at(t, world);
        double sun = sunshine * Math.max(0, 0.12 + 0.88 * facing);
        double sky = (0.62 + 0.38 * upward) * (0.78 - 0.22 * nz);
        double bounce = 0.16 * (1 - upward) * (0.25 + 0.75 * sunshine);
        double z = a[2] + t * (b[2] - a[2]) + nz * radius;
        float[] s = light.sun();
        float[] k = light.sky();
        canvas.plot(
                pixel,
                (float) z,
                (float) cover,
                (float) (Tone.red(rgb) * (s[0] * (sun + bounce * 0.35) + k[0] * sky + lamps * Backdrop.LAMP[0])),
                (float) (Tone.green(rgb) * (s[1] * (sun + bounce * 0.33) + k[1] * sky + lamps * Backdrop.LAMP[1])),
                (float) (Tone.blue(rgb) * (s[2] * (sun + bounce * 0.3) + k[2] * sky + lamps * Backdrop.LAMP[2])),
                actor);
    }
}
