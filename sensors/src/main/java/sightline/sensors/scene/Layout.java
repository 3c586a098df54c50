package sightline.sensors.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import sightline.config.site.GroundPoint;
import sightline.config.site.Line;
import sightline.config.site.Zone;

/**
 * What stands where: an open square of 44 by 28 metres, houses to the north, west and east of it, a road to the south, a
 * service lane across it, a fountain, planters, benches and lamps.
 */
final class Layout {
    static final double HALF_EAST = 22;
    static final double HALF_NORTH = 14;
    static final double LANE_NORTH = -9.5;
    static final double KERB_NORTH = -16.2;
    static final double ROAD_FAR_NORTH = -24;
    static final double[] ROAD_LANES = {-18, -21.8};
    static final double HOUSES_NORTH = 16.5;
    static final double HOUSES_EAST = 27;

    private final List<Obstacle> obstacles;

    Layout(long seed) {
        SplittableRandom random = Seeds.of(seed, "layout");
        List<Obstacle> list = new ArrayList<>();
        list.add(new Obstacle(
                Obstacle.Kind.FOUNTAIN, random.nextDouble(-1.5, 1.5), random.nextDouble(-0.5, 2), 2.1, 0.55, 0));
        for (int i = 0; i < 4; i++) {
            double east = (i % 2 == 0 ? -1 : 1) * (9.5 + random.nextDouble(2));
            double north = (i < 2 ? -1 : 1) * (5.2 + random.nextDouble(1.5));
            list.add(new Obstacle(Obstacle.Kind.PLANTER, east, north, 0.85, 0.6, 0));
        }
        for (int i = 0; i < 4; i++) {
            double angle = Math.PI * (0.25 + 0.5 * i);
            double turn = angle + Math.PI / 2;
            list.add(new Obstacle(
                    Obstacle.Kind.BENCH,
                    list.getFirst().east() + 5.2 * Math.cos(angle),
                    list.getFirst().north() + 4.2 * Math.sin(angle),
                    1.0,
                    0.45,
                    turn));
        }
        for (int i = 0; i < 4; i++) {
            list.add(new Obstacle(Obstacle.Kind.LAMP, i % 2 == 0 ? -6 : 6, i < 2 ? -12.6 : 12.4, 0.12, 4.6, 0));
        }
        obstacles = List.copyOf(list);
    }

    List<Obstacle> obstacles() {
        return obstacles;
    }

    List<Zone> zones() {
        Obstacle fountain = obstacles.getFirst();
        return List.of(
                new Zone("fountain", square(fountain.east(), fountain.north(), 4.5)),
                new Zone(
                        "service-lane",
                        List.of(
                                new GroundPoint(-HALF_EAST, LANE_NORTH - 1.6),
                                new GroundPoint(HALF_EAST, LANE_NORTH - 1.6),
                                new GroundPoint(HALF_EAST, LANE_NORTH + 1.6),
                                new GroundPoint(-HALF_EAST, LANE_NORTH + 1.6))),
                new Zone(
                        "road",
                        List.of(
                                new GroundPoint(-40, ROAD_FAR_NORTH),
                                new GroundPoint(40, ROAD_FAR_NORTH),
                                new GroundPoint(40, KERB_NORTH),
                                new GroundPoint(-40, KERB_NORTH))));
    }

    List<Line> lines() {
        return List.of(
                new Line("west-entry", new GroundPoint(-18, HALF_NORTH), new GroundPoint(-18, -HALF_NORTH)),
                new Line("north-doors", new GroundPoint(14, 12.5), new GroundPoint(-14, 12.5)));
    }

    private static List<GroundPoint> square(double east, double north, double half) {
        return List.of(
                new GroundPoint(east - half, north - half),
                new GroundPoint(east + half, north - half),
                new GroundPoint(east + half, north + half),
                new GroundPoint(east - half, north + half));
    }
}
