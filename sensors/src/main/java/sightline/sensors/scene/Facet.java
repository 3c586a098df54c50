package sightline.sensors.scene;

/**
 * Draws flat convex faces with smooth edges. Depth is that of the face's plane.
 */
final class Facet {
    private static final int MOST = 24;

    private final Eye eye;
    private final Canvas canvas;
    private final double[][] at = new double[MOST][3];

    Facet(Eye eye, Canvas canvas) {
        this.eye = eye;
        this.canvas = canvas;
    }

    /**
     * Fills a face.
     *
     * @param corners east, north, up of each, in order around it
     * @param count of corners
     * @param red linear light at the face's lower edge; slightly more above
     * @param green as red
     * @param blue as red
     * @param painted whether it is painted on a face that is there already
     * @param actor whose it is
     */
    void fill(double[][] corners, int count, float red, float green, float blue, boolean painted, short actor) {
        double left = canvas.width;
        double right = 0;
        double top = canvas.height;
        double bottom = 0;
        for (int i = 0; i < count; i++) {
            if (!eye.project(corners[i][0], corners[i][1], corners[i][2], at[i])) {
                return;
            }
            left = Math.min(left, at[i][0]);
            right = Math.max(right, at[i][0]);
            top = Math.min(top, at[i][1]);
            bottom = Math.max(bottom, at[i][1]);
        }
        double area = 0;
        for (int i = 0; i < count; i++) {
            double[] p = at[i];
            double[] q = at[(i + 1) % count];
            area += p[0] * q[1] - q[0] * p[1];
        }
        if (Math.abs(area) < 0.05) {
            return;
        }
        double sign = area > 0 ? 1 : -1;
        double[] plane = plane(count);
        int x0 = (int) Math.max(0, Math.floor(left - 1));
        int x1 = (int) Math.min(canvas.width - 1.0, Math.ceil(right + 1));
        int y0 = (int) Math.max(0, Math.floor(top - 1));
        int y1 = (int) Math.min(canvas.height - 1.0, Math.ceil(bottom + 1));
        for (int y = y0; y <= y1; y++) {
            for (int x = x0; x <= x1; x++) {
                double cover = cover(x + 0.5, y + 0.5, count, sign);
                if (cover > 0) {
                    double inverse = plane[0] * (x + 0.5) + plane[1] * (y + 0.5) + plane[2];
                    double z = 1 / Math.max(1e-4, inverse);
                    float glow = (float) (0.94 + 0.12 * (bottom - y) / (bottom - top + 1));
                    int i = y * canvas.width + x;
                    float full = (float) cover;
                    if (painted) {
                        canvas.decorate(i, (float) z, full, red * glow, green * glow, blue * glow, actor);
                    } else {
                        canvas.cover(i, (float) z, full, red * glow, green * glow, blue * glow, actor);
                    }
                }
            }
        }
    }

    private double cover(double u, double v, int count, double sign) {
        double cover = 1;
        for (int i = 0; i < count; i++) {
            double[] p = at[i];
            double[] q = at[i + 1 == count ? 0 : i + 1];
            double du = q[0] - p[0];
            double dv = q[1] - p[1];
            double length = Math.sqrt(du * du + dv * dv);
            if (length < 1e-6) {
                continue;
            }
            // A third of a pixel outwards, so that neighbouring faces leave no seam.
            double inside = sign * (du * (v - p[1]) - dv * (u - p[0])) / length + 0.83;
            if (inside <= 0) {
                return 0;
            }
            cover = Math.min(cover, inside);
        }
        return cover;
    }

    /** One over depth is linear in the picture for a flat face. Three well-spread corners fix it. */
    private double[] plane(int count) {
        double[] a = at[0];
        double[] b = at[count / 3];
        double[] c = at[2 * count / 3];
        double det = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
        double ia = 1 / a[2];
        if (Math.abs(det) < 1e-6) {
            return new double[] {0, 0, ia};
        }
        double ib = 1 / b[2] - ia;
        double ic = 1 / c[2] - ia;
        double gu = (ib * (c[1] - a[1]) - ic * (b[1] - a[1])) / det;
        double gv = (ic * (b[0] - a[0]) - ib * (c[0] - a[0])) / det;
        return new double[] {gu, gv, ia - gu * a[0] - gv * a[1]};
    }
}
