package sightline.sensors.scene;

/** Draws people limb by limb, the farther ones first, dressed as their {@link Looks} say. */
final class PersonPainter {
    private static final int PARTS = 40;

    private final Brush brush;
    private final double[][] parts = new double[PARTS][8];
    private final Brush.Dye[] dyes = new Brush.Dye[PARTS];
    private final double[] far = new double[PARTS];
    private final int[] order = new int[PARTS];
    private int count;
    private Body body;
    private PersonState person;
    private double h;
    private double forwardEast;
    private double forwardNorth;

    PersonPainter(Brush brush) {
        this.brush = brush;
    }

    void paint(PersonState newPerson) {
        person = newPerson;
        body = Body.of(person);
        h = body.height();
        forwardEast = Math.cos(person.heading());
        forwardNorth = Math.sin(person.heading());
        count = 0;
        assemble();
        for (int i = 0; i < count; i++) {
            order[i] = i;
        }
        // Few parts: insertion sort, farthest first.
        for (int i = 1; i < count; i++) {
            int part = order[i];
            int j = i;
            while (j > 0 && far[order[j - 1]] < far[part]) {
                order[j] = order[j - 1];
                j--;
            }
            order[j] = part;
        }
        for (int i = 0; i < count; i++) {
            double[] p = parts[order[i]];
            brush.segment(p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], dyes[order[i]]);
        }
    }

    private void assemble() {
        Looks looks = person.looks();
        double thick = Math.sqrt(looks.build());
        boolean bare = looks.shorts();
        for (int side = 0; side < 2; side++) {
            joint(6 + side, 0.064 * thick, 8 + side, 0.041, plain(looks.legs()));
            joint(8 + side, 0.041, 10 + side, bare ? 0.025 : 0.03, plain(bare ? looks.skin() : looks.legs()));
            joint(10 + side, 0.026, Body.TOE_LEFT + side, 0.02, plain(looks.shoes()));
            joint(side, 0.037 * thick, 2 + side, 0.029, plain(looks.top()));
            joint(2 + side, 0.027, 4 + side, 0.021, plain(looks.longSleeves() ? looks.top() : looks.skin()));
            joint(4 + side, 0.019, Body.HAND_LEFT + side, 0.016, plain(looks.skin()));
        }
        torso(looks);
        head(looks);
        extras(looks);
    }

    private Brush.Dye plain(int colour) {
        return (along, world) -> colour;
    }

    private void joint(int from, double r0, int to, double r1, Brush.Dye dye) {
        add(
                body.east(from),
                body.north(from),
                body.up(from),
                r0 * h,
                body.east(to),
                body.north(to),
                body.up(to),
                r1 * h,
                dye);
    }

    private void add(
            double e0, double n0, double u0, double r0, double e1, double n1, double u1, double r1, Brush.Dye dye) {
        double[] p = parts[count];
        p[0] = e0;
        p[1] = n0;
        p[2] = u0;
        p[3] = r0;
        p[4] = e1;
        p[5] = n1;
        p[6] = u1;
        p[7] = r1;
        Eye eye = brush.eye();
        double de = 0.5 * (e0 + e1) - eye.east;
        double dn = 0.5 * (n0 + n1) - eye.north;
        double du = 0.5 * (u0 + u1) - eye.up;
        far[count] = Math.sqrt(de * de + dn * dn + du * du);
        dyes[count] = dye;
        count++;
    }

    /** Trunks are broader than deep: half the width that shows from where the camera is. */
    private double half(double across, double deep) {
        Eye eye = brush.eye();
        double e = person.east() - eye.east;
        double n = person.north() - eye.north;
        double length = Math.max(1e-6, Math.hypot(e, n));
        double frontal = (e * forwardEast + n * forwardNorth) / length;
        double sidewise = 1 - frontal * frontal;
        return h * Math.sqrt(across * across * frontal * frontal + deep * deep * sidewise);
    }

    private void torso(Looks looks) {
        double build = looks.build();
        double shoulder = half(0.108 * Math.sqrt(build), 0.07 * build);
        double waist = half(0.086 * build, 0.066 * build);
        double hip = half(0.094 * Math.sqrt(build), 0.074 * build);
        double neckE = 0.5 * (body.east(0) + body.east(1));
        double neckN = 0.5 * (body.north(0) + body.north(1));
        double neckU = 0.5 * (body.up(0) + body.up(1));
        double e = body.east(Body.PELVIS);
        double n = body.north(Body.PELVIS);
        double u = body.up(Body.PELVIS);
        // Ends are round, so they stop short of the shoulders.
        double f = Math.max(0.45, 1 - 0.8 * shoulder / (0.3 * h));
        Brush.Dye shirt = shirt(looks);
        double midE = e + 0.35 * (neckE - e);
        double midN = n + 0.35 * (neckN - n);
        double midU = u + 0.35 * (neckU - u);
        add(e + f * (neckE - e), n + f * (neckN - n), u + f * (neckU - u), shoulder, midE, midN, midU, waist, shirt);
        add(
                midE,
                midN,
                midU,
                waist,
                e,
                n,
                u + 0.01 * h,
                hip,
                (along, w) -> along < 0.75 ? shirt.at(1, w) : looks.legs());
        double yoke = 0.05 * h;
        add(
                0.8 * body.east(0) + 0.2 * body.east(1),
                0.8 * body.north(0) + 0.2 * body.north(1),
                0.8 * body.up(0) + 0.2 * body.up(1) - 0.012 * h,
                yoke,
                0.2 * body.east(0) + 0.8 * body.east(1),
                0.2 * body.north(0) + 0.8 * body.north(1),
                0.2 * body.up(0) + 0.8 * body.up(1) - 0.012 * h,
                yoke,
                shirt);
        if (looks.coat() > 0.05) {
            double kneeE = 0.5 * (body.east(8) + body.east(9));
            double kneeN = 0.5 * (body.north(8) + body.north(9));
            double kneeU = 0.5 * (body.up(8) + body.up(9));
            double g = looks.coat() / 0.24;
            // It falls over both legs, so it is as wide as they stand apart.
            double apart = 0.5 * Math.hypot(body.east(8) - body.east(9), body.north(8) - body.north(9));
            double hem = Math.max(hip * 1.06, g * apart + 0.062 * h);
            add(
                    e,
                    n,
                    u + 0.02 * h,
                    hip * 1.06,
                    e + g * (kneeE - e),
                    n + g * (kneeN - n),
                    u + g * (kneeU - u) + 0.5 * hem,
                    hem,
                    plain(looks.top()));
        }
    }

    private Brush.Dye shirt(Looks looks) {
        if (looks.stripes() < 0) {
            return plain(looks.top());
        }
        boolean panel = looks.stripes() % 2 == 0;
        return (along, world) -> {
            double front = world[0] * forwardEast + world[1] * forwardNorth;
            boolean other = panel ? front > 0.35 : Math.floorMod((int) (along * 6), 2) == 0;
            return other ? looks.stripes() : looks.top();
        };
    }

    private void head(Looks looks) {
        double e = body.east(12);
        double n = body.north(12);
        double u = body.up(12);
        double ce = body.east(Body.CROWN);
        double cn = body.north(Body.CROWN);
        double cu = body.up(Body.CROWN);
        add(
                body.east(13),
                body.north(13),
                body.up(13),
                0.032 * h,
                e - 0.3 * (ce - e),
                n - 0.3 * (cn - n),
                u - 0.3 * (cu - u),
                0.032 * h,
                plain(looks.skin()));
        double upE = (ce - e) / (0.065 * h);
        double upN = (cn - n) / (0.065 * h);
        double upU = (cu - u) / (0.065 * h);
        Brush.Dye face = (along, world) -> {
            double front = world[0] * forwardEast + world[1] * forwardNorth;
            double top = world[0] * upE + world[1] * upN + world[2] * upU;
            if (looks.hat() >= 0 && top > 0.3) {
                return looks.hat();
            }
            return top > 0.52 || front < 0.12 - 0.35 * (1 - top) * (looks.longHair() ? -0.8 : 1)
                    ? looks.hair()
                    : looks.skin();
        };
        add(
                e - 0.2 * (ce - e),
                n - 0.2 * (cn - n),
                u - 0.2 * (cu - u),
                0.05 * h,
                e + 0.25 * (ce - e),
                n + 0.25 * (cn - n),
                u + 0.25 * (cu - u),
                0.057 * h,
                face);
        if (looks.longHair()) {
            double back = 0.03 * h;
            add(
                    e - back * forwardEast,
                    n - back * forwardNorth,
                    u,
                    0.05 * h,
                    body.east(13) - back * forwardEast,
                    body.north(13) - back * forwardNorth,
                    body.up(13) - 0.03 * h,
                    0.042 * h,
                    plain(looks.hair()));
        }
    }

    private void extras(Looks looks) {
        if (looks.pack() >= 0 && person.lying() < 0.1) {
            double back = 0.105 * h;
            double e = body.east(Body.CHEST) - back * forwardEast;
            double n = body.north(Body.CHEST) - back * forwardNorth;
            double u = body.up(Body.CHEST);
            double radius = half(0.072, 0.05);
            add(e, n, u + 0.05 * h, radius, e, n, u - 0.07 * h, radius * 1.08, plain(looks.pack()));
        }
    }
}
