package sightline.sensors.source;

import sightline.config.domain.Detections;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Scan;

/**
 * Access to the time and number of an observation, whatever its type.
 *
 * @param <T> the observation
 */
public interface Stamped<T> {
    Stamped<EncodedFrame> FRAMES = new Stamped<>() {
        @Override
        public ObservationTime time(EncodedFrame f) {
            return f.header().time();
        }

        @Override
        public long sequence(EncodedFrame f) {
            return f.header().sequence();
        }

        @Override
        public FrameHeader header(EncodedFrame f) {
            return f.header();
        }

        @Override
        public EncodedFrame with(EncodedFrame f, ObservationTime time, long sequence) {
            return new EncodedFrame(restamped(f.header(), time, sequence), f.contentType(), f.payload());
        }
    };

    Stamped<Detections> DETECTIONS = new Stamped<>() {
        @Override
        public ObservationTime time(Detections d) {
            return d.frame().time();
        }

        @Override
        public long sequence(Detections d) {
            return d.frame().sequence();
        }

        @Override
        public FrameHeader header(Detections d) {
            return d.frame();
        }

        @Override
        public Detections with(Detections d, ObservationTime time, long sequence) {
            return new Detections(restamped(d.frame(), time, sequence), d.detections(), d.model());
        }
    };

    Stamped<Scan> SCANS = new Stamped<>() {
        @Override
        public ObservationTime time(Scan s) {
            return s.time();
        }

        @Override
        public long sequence(Scan s) {
            return s.sequence();
        }

        @Override
        public FrameHeader header(Scan s) {
            return new FrameHeader(
                    s.sensor(), s.epoch(), s.sequence(), s.time(), s.origin(), 0, 0, s.calibration(), "");
        }

        @Override
        public Scan with(Scan s, ObservationTime time, long sequence) {
            return new Scan(
                    s.sensor(),
                    s.epoch(),
                    sequence,
                    time,
                    s.origin(),
                    s.east(),
                    s.north(),
                    s.measurements(),
                    s.calibration(),
                    s.model());
        }
    };

    ObservationTime time(T value);

    long sequence(T value);

    /** The observation without its content; a sensor without pictures has none of their sizes. */
    FrameHeader header(T value);

    T with(T value, ObservationTime time, long sequence);

    default long exposureNanos(T value) {
        return time(value).exposureNanos();
    }

    /** The same observation, exposed later by so much. */
    default T shifted(T value, long nanos) {
        ObservationTime t = time(value);
        return with(
                value,
                new ObservationTime(
                        t.exposureNanos() + nanos, t.sigmaNanos(), t.clockId(), t.receivedNanos(), t.processedNanos()),
                sequence(value));
    }

    private static FrameHeader restamped(FrameHeader h, ObservationTime time, long sequence) {
        return new FrameHeader(
                h.camera(), h.epoch(), sequence, time, h.origin(), h.width(), h.height(), h.calibration(), h.trace());
    }
}
