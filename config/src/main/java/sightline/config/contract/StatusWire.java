package sightline.config.contract;

import sightline.config.domain.SensorStatus;
import sightline.config.domain.SensorStatus.State;

/** {@code status.sensor.v1}. */
final class StatusWire {

    private StatusWire() {}

    static sightline.config.wire.SensorStatus write(SensorStatus status) {
        return sightline.config.wire.SensorStatus.newBuilder()
                .setSensor(status.sensor())
                .setState(write(status.state()))
                .setTime(Stamps.write(status.timeNanos()))
                .setRateHz(status.rateHz())
                .setClockId(status.clockId())
                .setClockSigmaNs(status.clockSigmaNanos())
                .setReason(status.reason())
                .setOrigin(Names.write(status.origin()))
                .build();
    }

    static SensorStatus read(sightline.config.wire.SensorStatus in) {
        Checks.present("time", in.hasTime());
        return new SensorStatus(
                Checks.named("sensor", in.getSensor()),
                read(in.getState()),
                Stamps.read("time", in.getTime()),
                Checks.finite("rate_hz", in.getRateHz()),
                in.getClockId(),
                in.getClockSigmaNs(),
                in.getReason(),
                Names.read(in.getOrigin()));
    }

    private static sightline.config.wire.SensorStatus.State write(State state) {
        return switch (state) {
            case CONNECTING -> sightline.config.wire.SensorStatus.State.CONNECTING;
            case LIVE -> sightline.config.wire.SensorStatus.State.LIVE_STATE;
            case STALLED -> sightline.config.wire.SensorStatus.State.STALLED;
            case BACKOFF -> sightline.config.wire.SensorStatus.State.BACKOFF;
            case FAILED -> sightline.config.wire.SensorStatus.State.FAILED;
            case REMOVED -> sightline.config.wire.SensorStatus.State.REMOVED;
        };
    }

    private static State read(sightline.config.wire.SensorStatus.State state) {
        return switch (state) {
            case CONNECTING -> State.CONNECTING;
            case LIVE_STATE -> State.LIVE;
            case STALLED -> State.STALLED;
            case BACKOFF -> State.BACKOFF;
            case FAILED -> State.FAILED;
            case REMOVED -> State.REMOVED;
            case STATE_UNSPECIFIED, UNRECOGNIZED -> throw Checks.unknown("state", state);
        };
    }
}
