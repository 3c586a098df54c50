package sightline.pipeline.recording;

import sightline.config.contract.Codecs;
import sightline.config.contract.FrameHeaders;
import sightline.config.contract.Headers;
import sightline.config.contract.Topics;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.domain.Scan;
import sightline.pipeline.topology.Bus;
import sightline.sensors.kafka.Outbound;

/**
 * Moves what sensors said to another time, and marks it as a replay. Everything moves by the same amount and begins a new
 * numbering, so that nobody takes it for a repetition of what was sent live. Stateless.
 *
 * @param nanos added to each exposure
 * @param epoch of the new numbering, nanoseconds since the Unix epoch
 */
public record Shift(long nanos, long epoch) {

    /** A shift under which what was exposed first is exposed now. */
    public static Shift toNow(long firstNanos, long nowNanos) {
        return new Shift(nowNanos - firstNanos, nowNanos);
    }

    /** Whether a record is what a sensor said: a frame or a scan. Detections are made again from the frames. */
    public static boolean applies(Recorded record) {
        return record.value() != null
                && (record.topic().equals(Topics.MEASUREMENT_SENSOR.name())
                        || record.topic().equals(Topics.FRAME_CAMERA.name())
                                && !FrameHeaders.isHeartbeat(record::header));
    }

    /** What to publish in place of a record to which this applies. */
    public Outbound apply(Recorded record) {
        return record.topic().equals(Topics.FRAME_CAMERA.name()) ? frame(record) : scan(record);
    }

    private Outbound frame(Recorded record) {
        FrameHeader was = FrameHeaders.read(record.key(), record::header);
        FrameHeader is = new FrameHeader(
                was.camera(),
                epoch,
                was.sequence(),
                moved(was.time()),
                was.origin().join(Origin.REPLAY),
                was.width(),
                was.height(),
                was.calibration(),
                was.trace());
        return Outbound.keyed(record.topic(), record.key(), is.time().exposureNanos() / 1_000_000, record.value())
                .on(record.partition())
                .with(FrameHeaders.frame(is, "image/jpeg"))
                .with(Headers.CE_DATAREF, record.header(Headers.CE_DATAREF).orElse(""));
    }

    private Outbound scan(Recorded record) {
        Scan was = Codecs.SCAN.decode(record.value());
        Scan is = new Scan(
                was.sensor(),
                epoch,
                was.sequence(),
                moved(was.time()),
                was.origin().join(Origin.REPLAY),
                was.east(),
                was.north(),
                was.measurements(),
                was.calibration(),
                was.model());
        return Bus.message(
                        Topics.MEASUREMENT_SENSOR,
                        Codecs.SCAN,
                        record.key(),
                        is.time().exposureNanos(),
                        is)
                .on(record.partition());
    }

    private ObservationTime moved(ObservationTime was) {
        return new ObservationTime(was.exposureNanos() + nanos, was.sigmaNanos(), was.clockId(), 0, 0);
    }
}
