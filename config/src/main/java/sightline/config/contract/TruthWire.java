package sightline.config.contract;

import sightline.config.domain.TruthPoint;

/** {@code truth.scene.v1}. */
final class TruthWire {

    private TruthWire() {}

    static sightline.config.wire.TruthPoint write(TruthPoint truth) {
        return sightline.config.wire.TruthPoint.newBuilder()
                .setObject(truth.object())
                .setLabel(Names.write(truth.label()))
                .setTime(Stamps.write(truth.timeNanos()))
                .setEastM(truth.east())
                .setNorthM(truth.north())
                .setVelocityEastMS(truth.velocityEast())
                .setVelocityNorthMS(truth.velocityNorth())
                .setOrigin(Names.write(truth.origin()))
                .build();
    }

    static TruthPoint read(sightline.config.wire.TruthPoint in) {
        Checks.present("time", in.hasTime());
        return new TruthPoint(
                Checks.named("object", in.getObject()),
                Names.read(in.getLabel()),
                Stamps.read("time", in.getTime()),
                Checks.finite("east_m", in.getEastM()),
                Checks.finite("north_m", in.getNorthM()),
                Checks.finite("velocity_east_m_s", in.getVelocityEastMS()),
                Checks.finite("velocity_north_m_s", in.getVelocityNorthMS()),
                Names.read(in.getOrigin()));
    }
}
