package sightline.config.contract;

import sightline.config.domain.FrameHeader;
import sightline.config.domain.ObservationTime;

/** The identity and times of an observation. */
final class FrameWire {

    private FrameWire() {}

    static sightline.config.wire.FrameHeader write(FrameHeader header) {
        return sightline.config.wire.FrameHeader.newBuilder()
                .setCamera(header.camera())
                .setEpochNs(header.epoch())
                .setSequence(header.sequence())
                .setTime(write(header.time()))
                .setOrigin(Names.write(header.origin()))
                .setWidthPx(header.width())
                .setHeightPx(header.height())
                .setCalibrationVersion(header.calibration())
                .setTraceparent(header.trace())
                .build();
    }

    static FrameHeader read(boolean present, sightline.config.wire.FrameHeader header) {
        Checks.present("frame", present);
        return new FrameHeader(
                Checks.named("frame.camera", header.getCamera()),
                header.getEpochNs(),
                header.getSequence(),
                read("frame.time", header.hasTime(), header.getTime()),
                Names.read(header.getOrigin()),
                header.getWidthPx(),
                header.getHeightPx(),
                header.getCalibrationVersion(),
                header.getTraceparent());
    }

    static sightline.config.wire.ObservationTime write(ObservationTime time) {
        var out = sightline.config.wire.ObservationTime.newBuilder()
                .setExposure(Stamps.write(time.exposureNanos()))
                .setSigmaNs(time.sigmaNanos())
                .setClockId(time.clockId());
        if (time.receivedNanos() != 0) {
            out.setReceived(Stamps.write(time.receivedNanos()));
        }
        if (time.processedNanos() != 0) {
            out.setProcessed(Stamps.write(time.processedNanos()));
        }
        return out.build();
    }

    static ObservationTime read(String field, boolean present, sightline.config.wire.ObservationTime time) {
        Checks.present(field + ".exposure", present && time.hasExposure());
        return new ObservationTime(
                Stamps.read(field + ".exposure", time.getExposure()),
                time.getSigmaNs(),
                time.getClockId(),
                time.hasReceived() ? Stamps.read(field + ".received", time.getReceived()) : 0,
                time.hasProcessed() ? Stamps.read(field + ".processed", time.getProcessed()) : 0);
    }
}
