package sightline.config.contract;

import sightline.config.domain.Contribution;
import sightline.config.domain.Contribution.Status;

/** One line of a receipt. */
final class ContributionWire {

    private ContributionWire() {}

    static sightline.config.wire.Contribution write(Contribution contribution) {
        return sightline.config.wire.Contribution.newBuilder()
                .setSensor(contribution.sensor())
                .setNode(contribution.node())
                .setSequence(contribution.sequence())
                .setExposure(Stamps.write(contribution.exposureNanos()))
                .setStatus(write(contribution.status()))
                .setReason(contribution.reason())
                .setModel(contribution.model())
                .setCalibrationVersion(contribution.calibration())
                .build();
    }

    static Contribution read(sightline.config.wire.Contribution in) {
        Checks.present("contribution.exposure", in.hasExposure());
        return new Contribution(
                Checks.named("contribution.sensor", in.getSensor()),
                in.getNode(),
                in.getSequence(),
                Stamps.read("contribution.exposure", in.getExposure()),
                read(in.getStatus()),
                in.getReason(),
                in.getModel(),
                in.getCalibrationVersion());
    }

    private static sightline.config.wire.Contribution.Status write(Status status) {
        return switch (status) {
            case DETECTED -> sightline.config.wire.Contribution.Status.DETECTED;
            case MISSED -> sightline.config.wire.Contribution.Status.MISSED;
            case LATE -> sightline.config.wire.Contribution.Status.LATE;
            case EXCLUDED -> sightline.config.wire.Contribution.Status.EXCLUDED;
        };
    }

    private static Status read(sightline.config.wire.Contribution.Status status) {
        return switch (status) {
            case DETECTED -> Status.DETECTED;
            case MISSED -> Status.MISSED;
            case LATE -> Status.LATE;
            case EXCLUDED -> Status.EXCLUDED;
            case STATUS_UNSPECIFIED, UNRECOGNIZED -> throw Checks.unknown("contribution.status", status);
        };
    }
}
