package sightline.config.contract;

import java.util.List;
import sightline.config.site.Distortion;

/** Lens distortion as a name and its coefficients, in the order that OpenCV and Foxglove use. */
final class LensWire {

    private LensWire() {}

    static String name(Distortion distortion) {
        return switch (distortion) {
            case Distortion.None n -> "none";
            case Distortion.PlumbBob p -> "plumb_bob";
            case Distortion.Rational r -> "rational_polynomial";
            case Distortion.Fisheye f -> "kannala_brandt";
        };
    }

    static List<Double> coefficients(Distortion distortion) {
        return switch (distortion) {
            case Distortion.None n -> List.of();
            case Distortion.PlumbBob p -> List.of(p.k1(), p.k2(), p.p1(), p.p2(), p.k3());
            case Distortion.Rational r -> List.of(r.k1(), r.k2(), r.p1(), r.p2(), r.k3(), r.k4(), r.k5(), r.k6());
            case Distortion.Fisheye f -> List.of(f.k1(), f.k2(), f.k3(), f.k4());
        };
    }

    static Distortion read(String name, List<Double> coefficients) {
        return switch (name) {
            case "none", "" -> {
                Checks.vector("distortion", coefficients, 0);
                yield new Distortion.None();
            }
            case "plumb_bob" -> {
                double[] d = Checks.vector("distortion", coefficients, 5);
                yield new Distortion.PlumbBob(d[0], d[1], d[2], d[3], d[4]);
            }
            case "rational_polynomial" -> {
                double[] d = Checks.vector("distortion", coefficients, 8);
                yield new Distortion.Rational(d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7]);
            }
            case "kannala_brandt" -> {
                double[] d = Checks.vector("distortion", coefficients, 4);
                yield new Distortion.Fisheye(d[0], d[1], d[2], d[3]);
            }
            default -> throw Checks.unknown("distortion_model", "'" + name + "'");
        };
    }
}
