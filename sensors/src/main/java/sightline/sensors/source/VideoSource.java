package sightline.sensors.source;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import sightline.config.domain.EncodedFrame;
import sightline.config.time.TimeSource;
import sightline.sensors.decode.JpegEncoder;

/**
 * Frames of a video through ffmpeg: files (MP4, AVI and whatever else the library reads; H.264, MPEG-4, motion JPEG) and
 * network cameras (RTSP over TCP, motion JPEG over HTTP).
 *
 * <p>Motion JPEG passes through as it is; anything else is decoded and compressed again. One frame is read a request.
 * ffmpeg is loaded on the first subscription of the process, which takes about a second once.
 */
public final class VideoSource implements Source<EncodedFrame> {
    private static final List<String> NETWORK =
            List.of("rtsp://", "rtsps://", "http://", "https://", "tcp://", "udp://");

    private final String name;
    private final Source<EncodedFrame> source;

    private VideoSource(String name, Source<EncodedFrame> source) {
        this.name = name;
        this.source = source;
    }

    /**
     * A recording. Frame times are the file's own, counted from a start.
     *
     * @param file the video
     * @param stamp identity of its frames
     * @param startNanos exposure of the first frame
     * @param framesPerSecond overrides the file's own timing, which recordings often have wrong; 0 trusts the file
     * @param encoder for what is not motion JPEG already
     * @param scheduler where it is read, such as {@code Schedulers.boundedElastic()}
     */
    public static VideoSource file(
            Path file,
            CameraStamp stamp,
            long startNanos,
            double framesPerSecond,
            JpegEncoder encoder,
            Scheduler scheduler) {
        return new VideoSource(
                stamp.camera(),
                Source.reading(
                        stamp.camera(),
                        () -> {
                            if (!Files.isReadable(file)) {
                                throw new BrokenSourceException("video " + file.getFileName() + " cannot be read");
                            }
                            return FfmpegReel.open(
                                    file.toString(),
                                    Map.of(),
                                    new FrameClock.Recording(startNanos, framesPerSecond),
                                    stamp,
                                    encoder,
                                    0);
                        },
                        scheduler));
    }

    /**
     * A camera on the network. Exposure times come from the sender's reports where the protocol has them, and from arrival
     * otherwise; the stamp's sigma should say which.
     *
     * @param address {@code rtsp://…} or {@code http://…}
     * @param stamp identity of its frames
     * @param time stamps what has no time of its own
     * @param timeoutMillis after which a silent connection counts as lost
     */
    public static VideoSource network(
            String address,
            CameraStamp stamp,
            TimeSource time,
            long timeoutMillis,
            JpegEncoder encoder,
            Scheduler scheduler) {
        if (NETWORK.stream().noneMatch(address::startsWith)) {
            throw new IllegalArgumentException(
                    "address of camera " + stamp.camera() + " begins with none of " + NETWORK);
        }
        // A short look at the stream; what is read for it is delivered, not thrown away.
        Map<String, String> options = address.startsWith("rtsp")
                ? Map.of(
                        "rtsp_transport",
                        "tcp",
                        "max_delay",
                        "200000",
                        "analyzeduration",
                        "500000",
                        "fpsprobesize",
                        "2")
                : Map.of("analyzeduration", "500000", "fpsprobesize", "2");
        return new VideoSource(
                stamp.camera(),
                Source.reading(
                        stamp.camera(),
                        () -> FfmpegReel.open(
                                address, options, new FrameClock.Arrival(time), stamp, encoder, timeoutMillis),
                        scheduler));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Flux<EncodedFrame> open() {
        return source.open();
    }
}
