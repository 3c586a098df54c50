package sightline.operators.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import sightline.config.domain.Event;
import sightline.config.domain.Track;

/**
 * Two that are about to come too close. Both move on straight ahead; at the moment of closest approach within the horizon
 * their difference is a Gaussian possibility function whose covariance is the sum of both (the sup-convolution of two
 * Gaussians), judged against a disc of the critical distance.
 */
final class NearMissRule implements Rule {
    private final RuleSettings.NearMiss settings;
    private final Region close;
    private final EventWriter writer;
    private final Memory<Judgement> pairs;

    NearMissRule(RuleSettings.NearMiss settings, Evidence evidence) {
        this.settings = settings;
        close = Region.disc(0, 0, settings.distanceMetres());
        writer = new EventWriter(settings.name(), evidence);
        pairs = new Memory<>(() -> new Judgement(settings.thresholds()));
    }

    @Override
    public List<Event> at(Moment moment) {
        List<Event> events = new ArrayList<>();
        List<Track> tracks = moment.tracks();
        for (int i = 0; i < tracks.size(); i++) {
            for (int j = i + 1; j < tracks.size(); j++) {
                if (isVehicle(tracks.get(i)) || isVehicle(tracks.get(j))) {
                    judge(moment, tracks.get(i), tracks.get(j), events);
                }
            }
        }
        pairs.forget(moment.tick());
        return events;
    }

    private static boolean isVehicle(Track track) {
        return track.label() != null && track.label().isVehicle();
    }

    private void judge(Moment moment, Track a, Track b, List<Event> events) {
        double e = b.state()[0] - a.state()[0];
        double n = b.state()[1] - a.state()[1];
        double ve = b.state()[2] - a.state()[2];
        double vn = b.state()[3] - a.state()[3];
        double horizon = settings.horizon().toNanos() / 1e9;
        double reach = settings.distanceMetres() + Math.hypot(ve, vn) * horizon;
        // Far pairs are left out only if they are far by all means: ten metres cover every usable sigma.
        if (Math.hypot(e, n) > reach + 10) {
            return;
        }
        double speed2 = ve * ve + vn * vn;
        double when = speed2 == 0 ? 0 : Math.clamp(-(e * ve + n * vn) / speed2, 0, horizon);
        double closing = Math.hypot(e, n) < 1e-6 ? Math.sqrt(speed2) : -(e * ve + n * vn) / Math.hypot(e, n);
        Credence now = closing < settings.closingSpeed()
                ? Credence.FALSE
                : together(a, b, e + when * ve, n + when * vn, when)
                        .and(Moment.exists(a))
                        .and(Moment.exists(b));
        Judgement judgement = pairs.of(a.id() + "+" + b.id(), moment.tick());
        switch (judgement.at(moment.tick(), now)) {
            case POSSIBLY, NECESSARILY ->
                events.add(writer.write(
                        Event.Kind.NEAR_MISS,
                        "",
                        moment,
                        judgement.since(),
                        now,
                        List.of(a, b),
                        text(a, b, now, closing)));
            case OVER_POSSIBLY, OVER_NECESSARILY, NONE -> {}
        }
    }

    private Credence together(Track a, Track b, double e, double n, double when) {
        double[] p = a.covariance();
        double[] q = b.covariance();
        return close.holds(e, n, ahead(p, q, 0, 0, when), ahead(p, q, 0, 1, when), ahead(p, q, 1, 1, when));
    }

    /** Entry of the difference's position covariance after so many seconds of straight motion. */
    private static double ahead(double[] p, double[] q, int i, int j, double t) {
        return entry(p, i, j, t) + entry(q, i, j, t);
    }

    private static double entry(double[] c, int i, int j, double t) {
        return c[4 * i + j] + t * (c[4 * i + j + 2] + c[4 * (i + 2) + j]) + t * t * c[4 * (i + 2) + j + 2];
    }

    private String text(Track a, Track b, Credence now, double closing) {
        Track vehicle = isVehicle(a) ? a : b;
        Track other = vehicle == a ? b : a;
        return "%s and %s %s within %.1f m of each other, closing at %.1f m/s."
                .formatted(
                        EventWriter.name(vehicle),
                        EventWriter.name(other).toLowerCase(Locale.ROOT),
                        EventWriter.verb(now, "come", "may come"),
                        settings.distanceMetres(),
                        closing);
    }
}
