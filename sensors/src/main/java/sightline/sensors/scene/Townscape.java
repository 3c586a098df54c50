package sightline.sensors.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Everything that stands still: houses around, trees, and what {@link Layout} put on the plaza. */
final class Townscape {
    private static final int[] WALLS = {0xcdb99a, 0xb9a58e, 0xc9c2b4, 0xa8765a, 0xd2c7a7, 0x9fa4a0, 0xbf9276, 0x8f7f73};

    private final List<Solid> solids = new ArrayList<>();
    private final List<double[]> spheres = new ArrayList<>();
    private final List<double[]> lamps = new ArrayList<>();
    private final GroundPaint paint;
    private final Material floor;

    /** Plain paving with marks on it, and nothing that stands. */
    Townscape(List<GroundMark> marks) {
        paint = new GroundPaint(marks);
        floor = new Material(Material.Kind.PAVING, 0);
    }

    Townscape(long seed, Layout layout) {
        paint = new GroundPaint(List.of());
        floor = new Material(Material.Kind.GROUND, 0);
        SplittableRandom random = Seeds.of(seed, "town");
        houses(random, -34, 34, 6, Layout.HOUSES_NORTH + 5, true);
        houses(random, -62, 62, 9, Layout.ROAD_FAR_NORTH - 14, true);
        houses(random, -12, 24, 3, -Layout.HOUSES_EAST - 6, false);
        houses(random, -12, 24, 3, Layout.HOUSES_EAST + 6, false);
        for (Obstacle o : layout.obstacles()) {
            furnish(o, random);
        }
        for (int i = 0; i < 9; i++) {
            double east = -36 + 9 * i + random.nextDouble(-1, 1);
            tree(east, Layout.ROAD_FAR_NORTH - 3 + random.nextDouble(-0.5, 0.5), random);
        }
        solids.forEach(solid -> spheres.add(solid.bounds()));
    }

    private void houses(SplittableRandom random, double from, double to, int count, double row, boolean northern) {
        double each = (to - from) / count;
        for (int i = 0; i < count; i++) {
            double middle = from + (i + 0.5) * each;
            // Whole storeys and a parapet: a roof must not cut windows.
            double height = Surface.STOREY * (2 + random.nextInt(4)) + 0.45;
            Material wall = new Material(Material.Kind.FACADE, WALLS[random.nextInt(WALLS.length)]);
            double deep = 10 + (i % 2) * 0.3;
            solids.add(
                    northern
                            ? Cuboid.of(middle, row, 0, height, each, deep, 0, wall)
                            : Cuboid.of(row, middle, 0, height, deep, each, 0, wall));
        }
    }

    private void tree(double east, double north, SplittableRandom random) {
        double height = 3 + random.nextDouble(1.2);
        solids.add(new Drum(east, north, 0.16, 0, height, new Material(Material.Kind.WOOD, 0x5c4a3a)));
        for (int i = 0; i < 3; i++) {
            solids.add(new Ball(
                    east + random.nextDouble(-0.7, 0.7),
                    north + random.nextDouble(-0.7, 0.7),
                    height + 0.6 + random.nextDouble(1.1),
                    1.3 + random.nextDouble(0.5),
                    new Material(Material.Kind.LEAVES, 0x4f6b35)));
        }
    }

    private void furnish(Obstacle o, SplittableRandom random) {
        switch (o.kind()) {
            case FOUNTAIN -> {
                solids.add(new Drum(
                        o.east(), o.north(), o.radius(), 0, o.height(), new Material(Material.Kind.STONE, 0x9d978c)));
                solids.add(new Drum(
                        o.east(),
                        o.north(),
                        o.radius() - 0.28,
                        0,
                        o.height() + 0.003,
                        new Material(Material.Kind.WATER, 0x6d8f9a)));
                solids.add(new Drum(o.east(), o.north(), 0.26, 0, 1.5, new Material(Material.Kind.STONE, 0x8c867b)));
                solids.add(
                        new Drum(o.east(), o.north(), 0.75, 1.42, 1.55, new Material(Material.Kind.STONE, 0xa19b90)));
            }
            case PLANTER -> {
                solids.add(new Drum(
                        o.east(), o.north(), o.radius(), 0, o.height(), new Material(Material.Kind.STONE, 0x8a8178)));
                for (int i = 0; i < 3; i++) {
                    solids.add(new Ball(
                            o.east() + random.nextDouble(-0.35, 0.35),
                            o.north() + random.nextDouble(-0.35, 0.35),
                            o.height() + 0.12,
                            0.38 + random.nextDouble(0.16),
                            new Material(Material.Kind.LEAVES, i == 0 ? 0x6f7a35 : 0x55713a)));
                }
            }
            case BENCH -> {
                Material wood = new Material(Material.Kind.WOOD, 0x7d5a3c);
                Material iron = new Material(Material.Kind.METAL, 0x35383a);
                double cos = Math.cos(o.turn());
                double sin = Math.sin(o.turn());
                solids.add(Cuboid.of(o.east(), o.north(), 0.4, o.height(), 1.8, 0.45, o.turn(), wood));
                solids.add(
                        Cuboid.of(o.east() - 0.24 * sin, o.north() + 0.24 * cos, 0.5, 0.85, 1.8, 0.06, o.turn(), wood));
                for (int side = -1; side <= 1; side += 2) {
                    solids.add(Cuboid.of(
                            o.east() + side * 0.75 * cos,
                            o.north() + side * 0.75 * sin,
                            0,
                            0.42,
                            0.07,
                            0.4,
                            o.turn(),
                            iron));
                }
            }
            case LAMP -> {
                solids.add(new Drum(
                        o.east(), o.north(), 0.07, 0, o.height(), new Material(Material.Kind.METAL, 0x2e3234)));
                solids.add(new Ball(
                        o.east(), o.north(), o.height() + 0.2, 0.22, new Material(Material.Kind.GLOW, 0xf4ead0)));
                lamps.add(new double[] {o.east(), o.north(), o.height() + 0.2});
            }
        }
    }

    /** What the ground is made of. */
    Material floor() {
        return floor;
    }

    GroundPaint paint() {
        return paint;
    }

    List<Solid> solids() {
        return solids;
    }

    /** Share of the light of all lamps that reaches a place with that normal; falls with the square of the distance. */
    double lamplight(double east, double north, double up, double[] normal) {
        double sum = 0;
        for (double[] lamp : lamps) {
            double e = lamp[0] - east;
            double n = lamp[1] - north;
            double u = lamp[2] - up;
            double d2 = e * e + n * n + u * u;
            double facing = (e * normal[0] + n * normal[1] + u * normal[2]) / Math.sqrt(d2);
            sum += Math.max(0, 0.25 + 0.75 * facing) * 9 / (4 + d2);
        }
        return sum;
    }

    /** Whether anything that stands still keeps the sun from a place. */
    boolean shaded(double east, double north, double up, Light light) {
        double[] ray = {
            east + 1e-3 * light.east(), north + 1e-3 * light.north(), up + 1e-3, light.east(), light.north(), light.up()
        };
        double[] normal = new double[3];
        for (int i = 0; i < solids.size(); i++) {
            Solid solid = solids.get(i);
            double[] sphere = spheres.get(i);
            double e = sphere[0] - east;
            double n = sphere[1] - north;
            double u = sphere[2] - up;
            double along = e * light.east() + n * light.north() + u * light.up();
            double off = e * e + n * n + u * u - along * along;
            boolean near = off < sphere[3] * sphere[3] && along > -sphere[3];
            if (near && solid.material().kind() != Material.Kind.WATER && solid.hit(ray, normal) < 80) {
                return true;
            }
        }
        return false;
    }
}
