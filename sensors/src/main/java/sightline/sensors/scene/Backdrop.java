package sightline.sensors.scene;

/**
 * What a camera sees of the empty plaza in one light, found by casting a ray through every pixel (four where a pixel
 * holds an edge). Sunlight is kept apart from the rest, so that clouds may pass without casting again.
 */
final class Backdrop {
    /** Linear light without the sun, red, green, blue. */
    final float[] ambient;

    /** What the unclouded sun adds. */
    final float[] sun;

    /** Depth along the viewing axis, metres; infinite for the sky. */
    final float[] depth;

    /** Whether the pixel shows ground, on which shadows fall. */
    final boolean[] ground;

    /** Where on the ground those pixels lie, metres. */
    final float[] groundEast;

    final float[] groundNorth;

    private final Eye eye;
    private final Townscape town;
    private final Light light;
    private final Solid[] candidates;
    private int candidateCount;
    private final double[] ray = new double[6];
    private final double[] normal = new double[3];
    private final double[] best = new double[3];
    private final float[] colour = new float[3];
    private final float[] sample = new float[6];
    private double sampleDepth;
    private Solid sampleSolid;

    Backdrop(Eye eye, Townscape town, Light light) {
        this.eye = eye;
        this.town = town;
        this.light = light;
        int pixels = eye.width * eye.height;
        ambient = new float[3 * pixels];
        sun = new float[3 * pixels];
        depth = new float[pixels];
        ground = new boolean[pixels];
        groundEast = new float[pixels];
        groundNorth = new float[pixels];
        Solid[] solids = new Solid[pixels];
        Extents extents = new Extents(eye, town.solids());
        candidates = new Solid[town.solids().size()];
        for (int y = 0, i = 0; y < eye.height; y++) {
            for (int x = 0; x < eye.width; x++, i++) {
                if (x % Extents.TILE == 0) {
                    candidateCount = extents.at(x, y, candidates);
                }
                cast(x + 0.5, y + 0.5);
                depth[i] = (float) sampleDepth;
                solids[i] = sampleSolid;
                ground[i] = sampleSolid == null && sampleDepth < Float.MAX_VALUE;
                if (ground[i]) {
                    double far = -ray[2] / ray[5];
                    groundEast[i] = (float) (ray[0] + far * ray[3]);
                    groundNorth[i] = (float) (ray[1] + far * ray[4]);
                }
                store(i, 1, 0);
            }
        }
        refine(solids, extents);
    }

    private void store(int i, float weight, float keep) {
        for (int c = 0; c < 3; c++) {
            ambient[3 * i + c] = keep * ambient[3 * i + c] + weight * sample[c];
            sun[3 * i + c] = keep * sun[3 * i + c] + weight * sample[3 + c];
        }
    }

    /** Casts more rays where neighbours belong to different things or differ in brightness. */
    private void refine(Solid[] solids, Extents extents) {
        boolean[] edge = new boolean[solids.length];
        for (int y = 1; y < eye.height - 1; y++) {
            for (int x = 1; x < eye.width - 1; x++) {
                int i = y * eye.width + x;
                edge[i] = differ(solids, i, i - 1)
                        || differ(solids, i, i + 1)
                        || differ(solids, i, i - eye.width)
                        || differ(solids, i, i + eye.width);
            }
        }
        for (int i = 0; i < edge.length; i++) {
            if (edge[i]) {
                int x = i % eye.width;
                int y = i / eye.width;
                candidateCount = extents.at(x - x % Extents.TILE, y, candidates);
                for (int k = 0; k < 4; k++) {
                    cast(x + 0.25 + 0.5 * (k & 1), y + 0.25 + 0.5 * (k >> 1));
                    store(i, 0.25f, k == 0 ? 0 : 1);
                }
            }
        }
    }

    private boolean differ(Solid[] solids, int i, int j) {
        if (solids[i] != solids[j] || ground[i] != ground[j]) {
            return true;
        }
        float a = ambient[3 * i + 1] + sun[3 * i + 1];
        float b = ambient[3 * j + 1] + sun[3 * j + 1];
        return Math.abs(a - b) > 0.12f * (a + b);
    }

    private void cast(double u, double v) {
        eye.ray(u, v, ray);
        double nearest = Double.POSITIVE_INFINITY;
        Solid hit = null;
        for (int k = 0; k < candidateCount; k++) {
            Solid solid = candidates[k];
            double t = solid.hit(ray, normal);
            if (t < nearest) {
                nearest = t;
                hit = solid;
                best[0] = normal[0];
                best[1] = normal[1];
                best[2] = normal[2];
            }
        }
        double toGround = ray[5] < -1e-9 ? -ray[2] / ray[5] : Double.POSITIVE_INFINITY;
        Material material;
        if (toGround < nearest) {
            nearest = toGround;
            hit = null;
            best[0] = 0;
            best[1] = 0;
            best[2] = 1;
            material = town.floor();
        } else if (hit == null) {
            sky();
            return;
        } else {
            material = hit.material();
        }
        sampleSolid = hit;
        sampleDepth = eye.depth(ray, nearest);
        double east = ray[0] + nearest * ray[3];
        double north = ray[1] + nearest * ray[4];
        double up = ray[2] + nearest * ray[5];
        double slant = Math.max(0.08, -(ray[3] * best[0] + ray[4] * best[1] + ray[5] * best[2]));
        double blur = nearest / eye.focal / Math.sqrt(slant);
        Surface.of(material, east, north, up, best, blur, colour);
        if (hit == null) {
            town.paint().over(east, north, blur, colour);
        }
        shade(material, east, north, up, nearest);
    }

    private void shade(Material material, double east, double north, double up, double distance) {
        double facing = best[0] * light.east() + best[1] * light.north() + best[2] * light.up();
        boolean lit = facing > 0 && !town.shaded(east, north, up, light);
        double open = 0.62 + 0.38 * best[2];
        // Corners near the ground see less sky.
        double crevice = best[2] > 0.5 || up > 1.2 ? 1 : 0.75 + 0.21 * up;
        double lamps = light.lamps() * town.lamplight(east, north, up, best);
        double glow = material.kind() == Material.Kind.GLOW ? 0.5 + 2 * light.lamps() : 0;
        double haze = 1 - Math.exp(-distance / 260);
        for (int c = 0; c < 3; c++) {
            double base = colour[c] * (light.sky()[c] * open * crevice + lamps * LAMP[c] + glow);
            sample[c] = (float) (base * (1 - haze) + haze * 0.75 * light.sky()[c]);
            sample[3 + c] = lit ? (float) (colour[c] * light.sun()[c] * facing * (1 - haze)) : 0;
        }
    }

    static final double[] LAMP = {0.55, 0.43, 0.26};

    private void sky() {
        sampleSolid = null;
        sampleDepth = Float.MAX_VALUE;
        double climb = Math.clamp(ray[5] * 2, 0, 1);
        double cloud =
                Grain.smooth(ray[3] * 4 / (0.15 + Math.max(0, ray[5])), ray[4] * 4 / (0.15 + Math.max(0, ray[5])), 21);
        double[] blue = {1.7 - 0.8 * climb, 1.9 - 0.5 * climb, 2.2 - 0.1 * climb};
        for (int c = 0; c < 3; c++) {
            sample[c] = (float) (light.sky()[c] * (blue[c] + (2.4 - blue[c]) * 0.6 * cloud * cloud));
            sample[3 + c] = 0;
        }
    }
}
