package sightline.operators.fusion.bench;

import java.util.ArrayList;
import java.util.List;
import sightline.config.domain.Measurement;
import sightline.config.domain.Scan;
import sightline.operators.baselines.GmPhd;
import sightline.operators.baselines.GmPhdFusion;
import sightline.operators.phd.ConstantVelocity;
import sightline.operators.phd.FieldOfView;
import sightline.operators.phd.Observation;
import sightline.operators.possibility.MaxMixture;

/**
 * A GM-PHD filter at each node of the yard, with births at the node's own last observations (adaptive birth), fused with
 * equal weights after every tick.
 */
final class YardPhds implements PartialViews.Method {
    private static final double SURVIVAL = 0.999;
    private static final double BIRTH = 0.01;

    private final boolean gci;
    private final double threshold;
    private final GmPhdFusion fusion = new GmPhdFusion();
    private final List<GmPhd> nodes = new ArrayList<>();
    private final List<MaxMixture> births = new ArrayList<>();

    YardPhds(boolean gci, double threshold) {
        this.gci = gci;
        this.threshold = threshold;
        for (int s = 0; s < Yard.NODES; s++) {
            nodes.add(new GmPhd(
                    new ConstantVelocity(1.3 * Yard.ACCELERATION, ConstantVelocity.Kind.CONTINUOUS), SURVIVAL));
            births.add(new MaxMixture(4));
        }
    }

    @Override
    public List<double[]> tick(long tick, List<Scan> scans) {
        List<MaxMixture> intensities = new ArrayList<>();
        for (int s = 0; s < nodes.size(); s++) {
            Scan scan = scans.get(s);
            GmPhd node = nodes.get(s);
            double early = (tick * Yard.TICK - scan.time().exposureNanos()) * 1e-9;
            node.predict(Yard.TICK * 1e-9 - early, births.get(s));
            FieldOfView view = FieldOfView.disc(scan.east(), scan.north(), Yard.RANGE);
            double kappa = Yard.CLUTTER / (Math.PI * Yard.RANGE * Yard.RANGE);
            node.update(observations(scan), view, Yard.DETECTION, kappa);
            new ConstantVelocity(1.3 * Yard.ACCELERATION, ConstantVelocity.Kind.CONTINUOUS)
                    .predict(node.intensity(), early, 1);
            intensities.add(node.intensity());
            births.set(s, births(scan));
        }
        MaxMixture fused = gci ? fusion.gci(intensities) : fusion.average(intensities);
        nodes.forEach(node -> node.intensity(fused.copy()));
        return GmPhd.extract(fused, threshold);
    }

    private static List<Observation> observations(Scan scan) {
        List<Observation> out = new ArrayList<>();
        for (Measurement m : scan.measurements()) {
            if (m instanceof Measurement.Position p) {
                out.add(new Observation.Position(p.east(), p.north(), p.varEast(), 0, p.varNorth(), 0));
            }
        }
        return out;
    }

    private static MaxMixture births(Scan scan) {
        MaxMixture out = new MaxMixture(4);
        double[] covariance = new double[16];
        for (Measurement m : scan.measurements()) {
            if (m instanceof Measurement.Position p) {
                covariance[0] = p.varEast();
                covariance[5] = p.varNorth();
                covariance[10] = 4;
                covariance[15] = 4;
                out.add(Math.log(BIRTH), new double[] {p.east(), p.north(), 0, 0}, 0, covariance, 0);
            }
        }
        return out;
    }
}
