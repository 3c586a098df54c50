package sightline.operators.depict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import sightline.config.domain.Brief;
import sightline.config.domain.Skeleton;
import sightline.config.site.GroundPoint;
import sightline.config.site.Line;
import sightline.config.site.Zone;
import sightline.operators.canvas.Canvas;

/** Draws a brief on a canvas: ground, marks, then everything that stands, farthest first. */
final class Schematic {
    /** Distinct, readable on light and dark, and safe for the common colour blindnesses. */
    private static final int[] PEOPLE = {0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0x56b4e9, 0xe69f00};

    private static final int ZONE = 0xe69f00;
    private static final double UNCERTAIN_BEYOND = 2.146;

    private final Brief brief;
    private final Eye eye;
    private final Canvas canvas;
    private final Palette light;

    /** Colours of the world by light. */
    private record Palette(int sky, int ground, int grid, int ink) {
        static Palette of(double sunElevation) {
            return sunElevation > 0
                    ? new Palette(0xdfe9f2, 0xf1efe9, 0xd3cfc4, 0x20262d)
                    : new Palette(0x141a24, 0x222a35, 0x364152, 0xe8edf3);
        }
    }

    Schematic(Brief brief, Eye eye, Canvas canvas) {
        this.brief = brief;
        this.eye = eye;
        this.canvas = canvas;
        this.light = Palette.of(brief.sunElevation());
    }

    void draw(int width, int height) {
        canvas.fill(
                List.of(new double[] {0, 0}, new double[] {width, 0}, new double[] {width, height}, new double[] {
                    0, height
                }),
                light.sky(),
                1);
        ground();
        brief.zones().forEach(this::zone);
        brief.lines().forEach(this::line);
        brief.people().forEach(p -> uncertainty(p.at(), p.uncertainty()));
        brief.vehicles().forEach(v -> uncertainty(v.at(), v.uncertainty()));
        List<Standing> standing = new ArrayList<>();
        for (int i = 0; i < brief.people().size(); i++) {
            Brief.Person person = brief.people().get(i);
            int colour = PEOPLE[i % PEOPLE.length];
            standing.add(new Standing(
                    eye.depth(person.at().east(), person.at().north(), 0.9), () -> person(person, colour)));
        }
        for (Brief.Vehicle vehicle : brief.vehicles()) {
            standing.add(
                    new Standing(eye.depth(vehicle.at().east(), vehicle.at().north(), 0.7), () -> vehicle(vehicle)));
        }
        standing.stream()
                .filter(s -> s.depth() > 0)
                .sorted(Comparator.comparingDouble(Standing::depth).reversed())
                .forEach(s -> s.drawing().run());
    }

    private record Standing(double depth, Runnable drawing) {}

    private void ground() {
        double ce = focusEast();
        double cn = focusNorth();
        double reach = 40;
        canvas.fill(eye.project(square(ce, cn, 200), true), light.ground(), 1);
        for (double d = -reach; d <= reach; d += 1) {
            boolean strong = Math.round(d) % 5 == 0;
            double alpha = strong ? 0.9 : 0.35;
            double e = Math.rint(ce) + d;
            double n = Math.rint(cn) + d;
            canvas.stroke(
                    eye.project(List.of(at(e, cn - reach), at(e, cn + reach)), false), false, 1, light.grid(), alpha);
            canvas.stroke(
                    eye.project(List.of(at(ce - reach, n), at(ce + reach, n)), false), false, 1, light.grid(), alpha);
        }
    }

    private void zone(Zone zone) {
        List<double[]> outline = zone.outline().stream().map(Schematic::at).toList();
        List<double[]> image = eye.project(outline, true);
        canvas.fill(image, ZONE, 0.18);
        canvas.stroke(image, true, 2, ZONE, 0.9);
        double[] label = eye.project(outline.getFirst());
        if (label != null) {
            canvas.text(label[0] + 4, label[1] - 4, 13, zone.name(), light.ink());
        }
    }

    private void line(Line line) {
        canvas.stroke(eye.project(List.of(at(line.from()), at(line.to())), false), false, 3, ZONE, 0.9);
    }

    /** The 90 % region on the ground: what is not known is drawn, not hidden. */
    private void uncertainty(GroundPoint at, double[] p) {
        double half = (p[0] + p[3]) / 2;
        double root = Math.sqrt(Math.max(0, (p[0] - p[3]) * (p[0] - p[3]) / 4 + p[1] * p[2]));
        double major = UNCERTAIN_BEYOND * Math.sqrt(Math.max(0, half + root));
        double minor = UNCERTAIN_BEYOND * Math.sqrt(Math.max(0, half - root));
        double angle = 0.5 * Math.atan2(2 * p[1], p[0] - p[3]);
        List<double[]> ring = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            double a = major * Math.cos(i * Math.PI / 20);
            double b = minor * Math.sin(i * Math.PI / 20);
            ring.add(at(
                    at.east() + a * Math.cos(angle) - b * Math.sin(angle),
                    at.north() + a * Math.sin(angle) + b * Math.cos(angle)));
        }
        List<double[]> image = eye.project(ring, true);
        canvas.fill(image, light.ink(), 0.10);
        canvas.stroke(image, true, 1.2, light.ink(), 0.45);
    }

    private void person(Brief.Person person, int colour) {
        List<double[]> joints = Figure.joints(person);
        double metre = eye.scale(person.at().east(), person.at().north(), person.height() / 2);
        for (int[] limb : Skeleton.CROWDPOSE_14.limbs()) {
            boolean leg = limb[0] >= 6 && limb[0] <= 9 && limb[1] >= 8;
            limb(joints.get(limb[0]), joints.get(limb[1]), metre * (leg ? 0.15 : 0.11), leg ? dark(colour) : colour);
        }
        List<double[]> torso = List.of(joints.get(0), joints.get(1), joints.get(7), joints.get(6));
        List<double[]> image = eye.project(torso, true);
        canvas.fill(image, colour, 1);
        canvas.stroke(image, true, metre * 0.12, colour, 1);
        double[] head = eye.project(joints.get(12));
        if (head != null) {
            canvas.disc(head[0], head[1], metre * 0.125, 0xd9b38c, 1);
            canvas.disc(head[0], head[1] - metre * 0.02, metre * 0.05, 0xd9b38c, 1);
        }
        arrow(person.at(), person.heading(), person.speed(), colour);
    }

    private void limb(double[] from, double[] to, double width, int colour) {
        canvas.stroke(eye.project(List.of(from, to), false), false, Math.max(1, width), colour, 1);
    }

    private void arrow(GroundPoint at, double heading, double speed, int colour) {
        if (speed < 0.3) {
            return;
        }
        double length = Math.min(3, speed);
        double[] tail = at(at);
        double[] tip = at(at.east() + length * Math.cos(heading), at.north() + length * Math.sin(heading));
        double wing = 0.25;
        double[] left = at(tip[0] + wing * Math.cos(heading + 2.6), tip[1] + wing * Math.sin(heading + 2.6));
        double[] right = at(tip[0] + wing * Math.cos(heading - 2.6), tip[1] + wing * Math.sin(heading - 2.6));
        canvas.stroke(eye.project(List.of(tail, tip), false), false, 2, colour, 0.8);
        canvas.stroke(eye.project(List.of(left, tip, right), false), false, 2, colour, 0.8);
    }

    private void vehicle(Brief.Vehicle v) {
        double[][] body = box(v, 0.15, v.height() * 0.62, 1, 1);
        double[][] cabin = box(v, v.height() * 0.62, v.height(), 0.55, 0.88);
        cuboid(body, 0x5b6b7f);
        cuboid(cabin, 0x8fa1b5);
        arrow(v.at(), v.heading(), v.speed(), 0x5b6b7f);
    }

    private static double[][] box(Brief.Vehicle v, double from, double to, double along, double across) {
        double cos = Math.cos(v.heading());
        double sin = Math.sin(v.heading());
        double[][] corners = new double[8][];
        for (int i = 0; i < 8; i++) {
            double f = ((i & 1) == 0 ? -0.5 : 0.5) * v.length() * along;
            double l = ((i & 2) == 0 ? -0.5 : 0.5) * v.width() * across;
            corners[i] = new double[] {
                v.at().east() + cos * f - sin * l, v.at().north() + sin * f + cos * l, (i & 4) == 0 ? from : to
            };
        }
        return corners;
    }

    private void cuboid(double[][] c, int colour) {
        int[][] faces = {{0, 1, 5, 4}, {2, 3, 7, 6}, {0, 2, 6, 4}, {1, 3, 7, 5}, {4, 5, 7, 6}};
        record Face(double depth, int shade, List<double[]> corners) {}
        List<Face> sorted = new ArrayList<>();
        for (int f = 0; f < faces.length; f++) {
            List<double[]> corners = List.of(c[faces[f][0]], c[faces[f][1]], c[faces[f][2]], c[faces[f][3]]);
            double depth = corners.stream().mapToDouble(eye::depth).average().orElseThrow();
            sorted.add(new Face(depth, f == 4 ? colour : f < 2 ? dark(colour) : dark(dark(colour)), corners));
        }
        sorted.sort(Comparator.comparingDouble(Face::depth).reversed());
        for (Face face : sorted) {
            canvas.fill(eye.project(face.corners(), true), face.shade(), 1);
        }
    }

    private double focusEast() {
        return brief.people().stream()
                .mapToDouble(p -> p.at().east())
                .average()
                .orElse(brief.vehicles().stream()
                        .mapToDouble(v -> v.at().east())
                        .average()
                        .orElse(brief.viewpoint().east()));
    }

    private double focusNorth() {
        return brief.people().stream()
                .mapToDouble(p -> p.at().north())
                .average()
                .orElse(brief.vehicles().stream()
                        .mapToDouble(v -> v.at().north())
                        .average()
                        .orElse(brief.viewpoint().north()));
    }

    private static int dark(int rgb) {
        return (rgb >> 16 & 255) * 7 / 10 << 16 | (rgb >> 8 & 255) * 7 / 10 << 8 | (rgb & 255) * 7 / 10;
    }

    private static List<double[]> square(double e, double n, double r) {
        return List.of(at(e - r, n - r), at(e + r, n - r), at(e + r, n + r), at(e - r, n + r));
    }

    private static double[] at(GroundPoint point) {
        return at(point.east(), point.north());
    }

    private static double[] at(double east, double north) {
        return new double[] {east, north, 0};
    }
}
