package sightline.config.contract;

import java.util.ArrayList;
import java.util.List;
import sightline.config.domain.Belief;
import sightline.config.domain.GaussianTerm;
import sightline.config.domain.TrackBelief;

/** {@code belief.node.v1}. */
final class BeliefWire {

    private BeliefWire() {}

    static sightline.config.wire.Belief write(Belief belief) {
        var out = sightline.config.wire.Belief.newBuilder()
                .setScene(belief.scene())
                .setNode(belief.node())
                .setIncarnation(belief.incarnation())
                .setTick(belief.tick())
                .setTickTime(Stamps.write(belief.tickNanos()))
                .setPriorDigest(belief.priorDigest())
                .setSplit(belief.split())
                .setOrigin(Names.write(belief.origin()));
        belief.tracks().forEach(track -> out.addTracks(write(track)));
        belief.contributions().forEach(one -> out.addContributions(ContributionWire.write(one)));
        return out.build();
    }

    static Belief read(sightline.config.wire.Belief in) {
        Checks.present("tick_time", in.hasTickTime());
        return new Belief(
                in.getScene(),
                Checks.named("node", in.getNode()),
                in.getIncarnation(),
                in.getTick(),
                Stamps.read("tick_time", in.getTickTime()),
                in.getPriorDigest(),
                Checks.unit("split", in.getSplit()),
                in.getTracksList().stream().map(BeliefWire::read).toList(),
                in.getContributionsList().stream().map(ContributionWire::read).toList(),
                Names.read(in.getOrigin()));
    }

    private static sightline.config.wire.TrackBelief write(TrackBelief track) {
        var out = sightline.config.wire.TrackBelief.newBuilder()
                .setTrack(track.track())
                .setPresence(track.presence())
                .setAbsence(track.absence())
                .setLabel(Names.write(track.label()));
        for (GaussianTerm term : track.terms()) {
            var one = out.addTermsBuilder().setLogWeight(term.logWeight());
            for (double mean : term.mean()) {
                one.addMean(mean);
            }
            one.addAllCovarianceUpper(Symmetric.upper(term.covariance(), term.mean().length));
        }
        return out.build();
    }

    private static TrackBelief read(sightline.config.wire.TrackBelief in) {
        List<GaussianTerm> terms = new ArrayList<>(in.getTermsCount());
        for (var term : in.getTermsList()) {
            int n = term.getMeanCount();
            terms.add(new GaussianTerm(
                    Checks.finite("term.log_weight", term.getLogWeight()),
                    Checks.vector("term.mean", term.getMeanList(), n),
                    Symmetric.full("term.covariance_upper", term.getCovarianceUpperList(), n)));
        }
        return new TrackBelief(
                Checks.named("track", in.getTrack()),
                Checks.unit("track.presence", in.getPresence()),
                Checks.unit("track.absence", in.getAbsence()),
                terms,
                Names.readOrNull(in.getLabel()));
    }
}
