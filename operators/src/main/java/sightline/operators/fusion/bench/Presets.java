package sightline.operators.fusion.bench;

import java.util.ArrayList;
import java.util.List;
import sightline.operators.phd.PresenceSettings;

/** The rows of the table. */
public final class Presets {
    static final String CENTRAL = "(w,a) central, max-marginals";
    static final String SPLIT = "(w,a) split + product, max-marginals";
    static final String GEOMETRIC = "(w,a) geometric mean, max-marginals";
    static final String METROPOLIS = "(w,a) consensus on a ring, 2 rounds, Metropolis weights";
    static final String LEAST_TRACE = "(w,a) consensus on a ring, 2 rounds, least trace";
    static final String LIKE_MINDED = "(w,a) consensus on a ring, 2 rounds, like-minded only";
    static final String REFERENCE_CENTRAL = "(w,a) central, reference settings";
    static final String REFERENCE_SPLIT = "(w,a) split + product, reference settings";
    static final String REFERENCE_GEOMETRIC = "(w,a) geometric mean, reference settings";

    /** Detections that a target away from the known places needs. */
    private static final double CONFIRMATIONS = 2.7;

    private Presets() {}

    /** Settings of the improved rows: exact competition, tracks merge only when closer. Chosen on seeds 9000-9019. */
    static PresenceSettings improved() {
        return new PresenceSettings(
                16,
                9,
                4,
                1,
                Math.log(1e-3),
                2,
                Math.log(1e-7),
                0.01,
                0.3,
                0.3,
                15,
                PresenceSettings.Exclusion.MAX_MARGINAL,
                100);
    }

    /** The rows whose figures the theory's own prototype gives: plain product form first, then presence/absence. */
    public static List<Contender.Maker> reference() {
        PresenceParts parts = new PresenceParts(PresenceContender.plainSettings(), 0);
        return List.of(
                new PlainContender(1),
                new PlainContender(2),
                new PresenceContender(REFERENCE_CENTRAL, PresenceContender.Form.CENTRAL, parts),
                new PresenceContender(REFERENCE_SPLIT, PresenceContender.Form.SPLIT_PRODUCT, parts),
                new PresenceContender(REFERENCE_GEOMETRIC, PresenceContender.Form.GEOMETRIC_MEAN, parts));
    }

    /** Rows with exact competition. */
    public static List<Contender.Maker> improvedRows() {
        PresenceParts anywhere = new PresenceParts(improved(), CONFIRMATIONS);
        PresenceParts places = new PresenceParts(improved(), 0);
        return List.of(
                new PresenceContender(CENTRAL, PresenceContender.Form.CENTRAL, anywhere),
                new PresenceContender(SPLIT, PresenceContender.Form.SPLIT_PRODUCT, anywhere),
                new PresenceContender(GEOMETRIC, PresenceContender.Form.GEOMETRIC_MEAN, anywhere),
                new PresenceContender(METROPOLIS, PresenceContender.Form.METROPOLIS, places),
                new PresenceContender(LEAST_TRACE, PresenceContender.Form.LEAST_TRACE, places),
                new PresenceContender(LIKE_MINDED, PresenceContender.Form.LIKE_MINDED, places));
    }

    /** Everything: possibilistic rows, then the baselines. */
    public static List<Contender.Maker> all() {
        List<Contender.Maker> out = new ArrayList<>(reference());
        out.addAll(improvedRows());
        out.addAll(List.of(TrackAverageContenders.values()));
        out.addAll(List.of(GmContenders.values()));
        out.addAll(List.of(LmbContenders.values()));
        return out;
    }
}
