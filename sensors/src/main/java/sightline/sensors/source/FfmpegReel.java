package sightline.sensors.source;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MJPEG;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_network_init;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_FATAL;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.javacpp.Pointer;
import sightline.config.domain.EncodedFrame;
import sightline.sensors.decode.JpegEncoder;

/** One opened stream of ffmpeg. Everything native is freed by {@link #close()}. */
final class FfmpegReel implements Reel<EncodedFrame> {
    static {
        av_log_set_level(AV_LOG_FATAL);
        avformat_network_init();
    }

    private final String address;
    private final FrameClock clock;
    private final CameraStamp stamp;
    private final Alarm alarm;
    private final AVPacket packet = av_packet_alloc();
    private AVFormatContext format;
    private int stream;
    private double tickNanos;
    private boolean passThrough;
    private int width;
    private int height;
    private Transcoder transcoder;
    private long firstTicks = AV_NOPTS_VALUE;
    private long index;
    private boolean drained;

    private FfmpegReel(String address, FrameClock clock, CameraStamp stamp, long timeoutMillis) {
        this.address = address;
        this.clock = clock;
        this.stamp = stamp;
        this.alarm = new Alarm(timeoutMillis);
    }

    static FfmpegReel open(
            String address,
            Map<String, String> options,
            FrameClock clock,
            CameraStamp stamp,
            JpegEncoder encoder,
            long timeoutMillis)
            throws IOException {
        FfmpegReel reel = new FfmpegReel(address, clock, stamp, timeoutMillis);
        try {
            reel.connect(options, encoder);
            return reel;
        } catch (IOException | RuntimeException e) {
            reel.close();
            throw e;
        }
    }

    private void connect(Map<String, String> options, JpegEncoder encoder) throws IOException {
        alarm.arm();
        format = avformat_alloc_context();
        format.interrupt_callback(alarm.callback);
        AVDictionary dictionary = new AVDictionary(null);
        options.forEach((key, value) -> av_dict_set(dictionary, key, value, 0));
        int opened = avformat_open_input(format, address, (AVInputFormat) null, dictionary);
        av_dict_free(dictionary);
        if (opened < 0) {
            // A failed opening has freed the context already.
            format = null;
            throw new IOException("cannot open " + stamp.camera() + ": " + FfmpegErrors.text(opened));
        }
        FfmpegErrors.check(
                avformat_find_stream_info(format, (org.bytedeco.javacpp.PointerPointer<?>) null),
                "no stream information");
        stream = -1;
        for (int i = 0; i < format.nb_streams() && stream < 0; i++) {
            if (format.streams(i).codecpar().codec_type() == AVMEDIA_TYPE_VIDEO) {
                stream = i;
            }
        }
        if (stream < 0) {
            throw new BrokenSourceException("source " + stamp.camera() + " has no video stream");
        }
        AVStream video = format.streams(stream);
        tickNanos = 1e9 * video.time_base().num() / video.time_base().den();
        passThrough = video.codecpar().codec_id() == AV_CODEC_ID_MJPEG;
        width = video.codecpar().width();
        height = video.codecpar().height();
        if (!passThrough) {
            transcoder = Transcoder.open(video, encoder);
        }
    }

    @Override
    public EncodedFrame next() throws IOException {
        while (true) {
            if (!passThrough && transcoder.receive()) {
                return frame(transcoder.jpeg(), transcoder.ticks(), transcoder.width(), transcoder.height());
            }
            if (drained) {
                return null;
            }
            alarm.arm();
            int read = av_read_frame(format, packet);
            if (read == AVERROR_EOF) {
                drained = true;
                if (passThrough) {
                    return null;
                }
                transcoder.drain();
                continue;
            }
            FfmpegErrors.check(read, "reading " + stamp.camera());
            try {
                if (packet.stream_index() != stream || packet.size() == 0) {
                    continue;
                }
                if (passThrough) {
                    byte[] jpeg = new byte[packet.size()];
                    packet.data().get(jpeg);
                    return frame(ByteBuffer.wrap(jpeg), packet.pts(), width, height);
                }
                transcoder.send(packet);
            } finally {
                av_packet_unref(packet);
            }
        }
    }

    private EncodedFrame frame(ByteBuffer jpeg, long ticks, int w, int h) {
        long media = -1;
        if (ticks != AV_NOPTS_VALUE) {
            firstTicks = firstTicks == AV_NOPTS_VALUE ? ticks : firstTicks;
            media = Math.round((ticks - firstTicks) * tickNanos);
        }
        long exposure = clock.exposureNanos(index, media, sender(ticks));
        return new EncodedFrame(stamp.header(index++, exposure, w, h), "image/jpeg", jpeg);
    }

    /** Time zero of the stream on the sender's wall clock, which RTSP cameras report, plus the frame's time in it. */
    private long sender(long ticks) {
        long zeroMicros = format.start_time_realtime();
        boolean known = zeroMicros != AV_NOPTS_VALUE && zeroMicros > 0 && ticks != AV_NOPTS_VALUE;
        return known ? 1000 * zeroMicros + Math.round(ticks * tickNanos) : 0;
    }

    @Override
    public void interrupt() {
        alarm.ring();
    }

    @Override
    public void close() {
        if (transcoder != null) {
            transcoder.close();
        }
        av_packet_free(packet);
        if (format != null) {
            avformat_close_input(format);
            format = null;
        }
        alarm.close();
    }

    /** Ends blocking calls of ffmpeg: when it is rung, or when a call takes longer than allowed. */
    private static final class Alarm {
        private final long timeoutNanos;
        private volatile boolean ringing;
        private volatile long deadline;
        private final AVIOInterruptCB.Callback_Pointer ask = new AVIOInterruptCB.Callback_Pointer() {
            @Override
            public int call(Pointer opaque) {
                return ringing || timeoutNanos > 0 && System.nanoTime() - deadline > 0 ? 1 : 0;
            }
        };
        final AVIOInterruptCB callback = new AVIOInterruptCB();

        Alarm(long timeoutMillis) {
            timeoutNanos = timeoutMillis * 1_000_000;
            callback.callback(ask);
        }

        void arm() {
            deadline = System.nanoTime() + timeoutNanos;
        }

        void ring() {
            ringing = true;
        }

        void close() {
            callback.close();
            ask.close();
        }
    }
}
