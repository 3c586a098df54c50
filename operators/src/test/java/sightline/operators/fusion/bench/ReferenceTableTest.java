package sightline.operators.fusion.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The bench against the figures of the independent NumPy prototype (mean OSPA and standard error, 20 runs). */
class ReferenceTableTest {
    private record Known(String title, double[] ospa, double[] error) {}

    private static final List<Known> KNOWN = List.of(
            new Known(
                    "possibilistic PHD, plain, iterated corrector, k 1",
                    new double[] {8.66, 17.80, 35.74, 8.81, 10.01},
                    new double[] {0.44, 0.45, 0.81, 0.51, 0.35}),
            new Known(
                    "possibilistic PHD, plain, iterated corrector, k 2",
                    new double[] {7.99, 11.74, 24.51, 8.37, 11.18},
                    new double[] {0.45, 0.45, 0.87, 0.49, 0.29}),
            new Known(Presets.REFERENCE_CENTRAL, new double[] {6.09, 8.95, 11.43, 6.70, 8.27}, new double[] {
                0.04, 0.45, 0.52, 0.32, 0.11
            }),
            new Known(Presets.REFERENCE_SPLIT, new double[] {6.70, 10.08, 13.00, 7.70, 9.39}, new double[] {
                0.29, 0.64, 0.78, 0.47, 0.49
            }),
            new Known(Presets.REFERENCE_GEOMETRIC, new double[] {11.13, 18.20, 24.72, 13.91, 11.34}, new double[] {
                0.81, 0.99, 0.68, 0.94, 0.85
            }),
            new Known(
                    "GM-PHD iterated corrector, tau 0.5",
                    new double[] {17.02, 34.73, 39.03, 18.05, 13.37},
                    new double[] {0.29, 0.31, 0.43, 0.20, 0.19}),
            new Known(
                    "GM-PHD iterated corrector, tau 0.1",
                    new double[] {11.33, 15.32, 29.98, 14.06, 14.52},
                    new double[] {0.19, 0.16, 0.25, 0.22, 0.22}),
            new Known("GM-PHD GCI, tau 0.05", new double[] {8.13, 18.33, 86.14, 8.13, 8.30}, new double[] {
                0.24, 1.58, 0.25, 0.12, 0.10
            }),
            new Known("GM-PHD AA, tau 0.3", new double[] {7.80, 8.62, 14.65, 9.11, 20.81}, new double[] {
                0.11, 0.14, 0.35, 0.16, 0.25
            }));

    @Test
    @Tag("long")
    void twentyRunsReproduceThePrototypeWithinThreeStandardErrors() {
        BenchTable table =
                FusionBench.run(new FusionBench.Options(20, 1, FusionBench.REFERENCE), Presets.all(), progress -> {});
        List<String> apart = new ArrayList<>();
        for (Known known : KNOWN) {
            for (int c = 0; c < FusionBench.REFERENCE.size(); c++) {
                BenchTable.Cell cell = table.cell(known.title(), c);
                double error = Math.hypot(cell.standardError(), known.error()[c]);
                if (Math.abs(cell.ospa() - known.ospa()[c]) > 3 * error) {
                    apart.add(
                            known.title() + ", " + FusionBench.REFERENCE.get(c).title() + ": " + cell.ospa()
                                    + " against " + known.ospa()[c]);
                }
            }
        }
        assertThat(apart).isEmpty();
    }

    @Test
    void centralPresenceFilterBeatsTheStandardBaselineOnCommonScans() {
        Column column = FusionBench.REFERENCE.getFirst();
        BenchTable table =
                FusionBench.run(new FusionBench.Options(3, 100, List.of(column)), Presets.all(), progress -> {});
        double[] difference =
                table.cell(Presets.CENTRAL, 0).difference(table.cell("GM-PHD iterated corrector, tau 0.5", 0), 1);
        assertThat(difference[0]).isLessThan(-5);
        assertThat(table.cell(Presets.CENTRAL, 0).ospa()).isLessThan(7);
    }

    @Test
    void theSameSeedGivesTheSameTableWhateverTheThreads() {
        List<Column> columns = List.of(FusionBench.REFERENCE.get(4));
        assertThat(FusionBench.run(new FusionBench.Options(3, 7, columns, 1), Presets.improvedRows(), p -> {})
                        .markdown())
                .isEqualTo(FusionBench.run(new FusionBench.Options(3, 7, columns, 2), Presets.improvedRows(), p -> {})
                        .markdown());
    }

    @Test
    void splitStaysNearCentralAndConsensusIsConservative() {
        BenchTable table = FusionBench.run(
                new FusionBench.Options(3, 100, List.of(FusionBench.REFERENCE.getFirst())),
                Presets.improvedRows(),
                progress -> {});
        double central = table.cell(Presets.CENTRAL, 0).ospa();
        assertThat(table.cell(Presets.SPLIT, 0).ospa()).isLessThan(1.3 * central);
        assertThat(table.cell(Presets.METROPOLIS, 0).ospa()).isBetween(central, 3 * central);
    }
}
