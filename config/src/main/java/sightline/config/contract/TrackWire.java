package sightline.config.contract;

import sightline.config.domain.Receipt;
import sightline.config.domain.Track;
import sightline.config.domain.Track.Phase;

/** {@code track.fused.v1} and {@code track.fused.state.v1}. */
final class TrackWire {

    private TrackWire() {}

    static sightline.config.wire.Track write(Track track) {
        var out = sightline.config.wire.Track.newBuilder()
                .setScene(track.scene())
                .setId(track.id())
                .setTick(track.tick())
                .setTime(Stamps.write(track.timeNanos()))
                .addAllCovarianceUpper(Symmetric.upper(track.covariance(), 4))
                .setPresence(track.presence())
                .setAbsence(track.absence())
                .setLabel(Names.write(track.label()))
                .setPhase(write(track.phase()))
                .setReceipt(write(track.receipt()))
                .setOrigin(Names.write(track.origin()));
        for (double number : track.state()) {
            out.addState(number);
        }
        return out.build();
    }

    static Track read(sightline.config.wire.Track in) {
        Checks.present("time", in.hasTime());
        return new Track(
                in.getScene(),
                Checks.named("id", in.getId()),
                in.getTick(),
                Stamps.read("time", in.getTime()),
                Checks.vector("state", in.getStateList(), 4),
                Symmetric.full("covariance_upper", in.getCovarianceUpperList(), 4),
                Checks.unit("presence", in.getPresence()),
                Checks.unit("absence", in.getAbsence()),
                Names.readOrNull(in.getLabel()),
                read(in.getPhase()),
                read(in.getReceipt()),
                Names.read(in.getOrigin()));
    }

    private static sightline.config.wire.Receipt write(Receipt receipt) {
        var out = sightline.config.wire.Receipt.newBuilder()
                .addAllPeers(receipt.peers())
                .addAllMissingPeers(receipt.missingPeers())
                .setDigest(receipt.digest());
        receipt.contributions().forEach(one -> out.addContributions(ContributionWire.write(one)));
        return out.build();
    }

    private static Receipt read(sightline.config.wire.Receipt in) {
        return new Receipt(
                in.getContributionsList().stream().map(ContributionWire::read).toList(),
                in.getPeersList(),
                in.getMissingPeersList(),
                in.getDigest());
    }

    private static sightline.config.wire.Track.Phase write(Phase phase) {
        return switch (phase) {
            case TENTATIVE -> sightline.config.wire.Track.Phase.TENTATIVE;
            case CONFIRMED -> sightline.config.wire.Track.Phase.CONFIRMED;
            case COASTING -> sightline.config.wire.Track.Phase.COASTING;
            case ENDED -> sightline.config.wire.Track.Phase.ENDED;
        };
    }

    private static Phase read(sightline.config.wire.Track.Phase phase) {
        return switch (phase) {
            case TENTATIVE -> Phase.TENTATIVE;
            case CONFIRMED -> Phase.CONFIRMED;
            case COASTING -> Phase.COASTING;
            case ENDED -> Phase.ENDED;
            case PHASE_UNSPECIFIED, UNRECOGNIZED -> throw Checks.unknown("phase", phase);
        };
    }
}
