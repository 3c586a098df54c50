package sightline.sensors.source;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MPEG4;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_from_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avformat.AVFMT_GLOBALHEADER;
import static org.bytedeco.ffmpeg.global.avformat.AVIO_FLAG_WRITE;
import static org.bytedeco.ffmpeg.global.avformat.av_interleaved_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_closep;
import static org.bytedeco.ffmpeg.global.avformat.avio_open;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_FATAL;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR0;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_make_q;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BILINEAR;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;

import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVOutputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.ffmpeg.swscale.SwsFilter;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Pictures to a video file; the container follows from the file's name, the codec is H.264 where the library has an
 * encoder and MPEG-4 otherwise.
 *
 * <p>All pictures have the size of the first; an odd last row or column is left out, since codecs want even sizes.
 * Threading: one thread. Ownership: {@link #close()} finishes the file and frees everything native.
 */
public final class VideoWriter implements AutoCloseable {
    private static final int MILLIS = 1000;
    private static final double BITS_A_PIXEL = 0.25;
    private static final int USUAL_RATE = 25;

    static {
        av_log_set_level(AV_LOG_FATAL);
    }

    private final int width;
    private final int height;
    private final AVFormatContext format = new AVFormatContext(null);
    private final AVPacket packet = av_packet_alloc();
    private final AVFrame frame = av_frame_alloc();
    private final IntPointer pixels;
    private final PointerPointer<IntPointer> planes = new PointerPointer<>(1);
    private final IntPointer strides = new IntPointer(1);
    private AVCodecContext codec;
    private AVStream stream;
    private SwsContext scaler;
    private boolean opened;
    private long last = -1;

    private VideoWriter(int width, int height) {
        this.width = width;
        this.height = height;
        this.pixels = new IntPointer((long) width * height);
    }

    /**
     * Begins a file.
     *
     * @param file such as {@code out.mp4}; replaced if it is there
     * @param width of every picture, at least 2
     * @param height of every picture, at least 2
     * @throws IOException where the container is unknown or the file cannot be written
     */
    public static VideoWriter open(Path file, int width, int height) throws IOException {
        if (width < 2 || height < 2) {
            throw new IOException("a picture of " + width + "x" + height + " is too small for a video");
        }
        VideoWriter writer = new VideoWriter(width, height);
        try {
            writer.begin(file.toString());
            return writer;
        } catch (IOException | RuntimeException e) {
            writer.free();
            throw e;
        }
    }

    private void begin(String file) throws IOException {
        FfmpegErrors.check(
                avformat_alloc_output_context2(format, (AVOutputFormat) null, null, file),
                "no container is known for " + file);
        AVCodec encoder = avcodec_find_encoder(AV_CODEC_ID_H264);
        if (encoder == null) {
            encoder = avcodec_find_encoder(AV_CODEC_ID_MPEG4);
        }
        codec = avcodec_alloc_context3(encoder);
        codec.width(width & ~1).height(height & ~1).pix_fmt(AV_PIX_FMT_YUV420P);
        codec.time_base(av_make_q(1, MILLIS)).framerate(av_make_q(USUAL_RATE, 1));
        codec.bit_rate(Math.round(BITS_A_PIXEL * width * height * USUAL_RATE)).gop_size(USUAL_RATE);
        if ((format.oformat().flags() & AVFMT_GLOBALHEADER) != 0) {
            codec.flags(codec.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
        }
        FfmpegErrors.check(avcodec_open2(codec, encoder, (AVDictionary) null), "opening the encoder");
        stream = avformat_new_stream(format, encoder);
        stream.time_base(codec.time_base());
        FfmpegErrors.check(avcodec_parameters_from_context(stream.codecpar(), codec), "codec parameters");
        AVIOContext out = new AVIOContext(null);
        FfmpegErrors.check(avio_open(out, file, AVIO_FLAG_WRITE), "cannot write " + file);
        format.pb(out);
        opened = true;
        FfmpegErrors.check(avformat_write_header(format, (AVDictionary) null), "writing the header");
        frame.format(AV_PIX_FMT_YUV420P).width(codec.width()).height(codec.height());
        FfmpegErrors.check(av_frame_get_buffer(frame, 0), "no memory for a picture");
        scaler = sws_getContext(
                codec.width(),
                codec.height(),
                AV_PIX_FMT_BGR0,
                codec.width(),
                codec.height(),
                AV_PIX_FMT_YUV420P,
                SWS_BILINEAR,
                (SwsFilter) null,
                (SwsFilter) null,
                (DoublePointer) null);
    }

    /**
     * Appends a picture.
     *
     * @param rgb one {@code 0xRRGGBB} a pixel, row-major
     * @param millis since the first picture; a time that doesn't grow is moved one past the last
     */
    public void write(int[] rgb, long millis) throws IOException {
        if (rgb.length != width * height) {
            throw new IOException("a picture of another size than " + width + "x" + height + " cannot join the video");
        }
        pixels.put(rgb, 0, rgb.length);
        planes.put(0, pixels);
        strides.put(0, 4 * width);
        FfmpegErrors.check(av_frame_make_writable(frame), "no memory for a picture");
        FfmpegErrors.check(
                sws_scale(scaler, planes, strides, 0, codec.height(), frame.data(), frame.linesize()),
                "converting pixels");
        last = Math.max(last + 1, millis);
        frame.pts(last);
        FfmpegErrors.check(avcodec_send_frame(codec, frame), "encoding");
        drain();
    }

    private void drain() throws IOException {
        while (true) {
            int received = avcodec_receive_packet(codec, packet);
            if (received == AVERROR_EAGAIN() || received == AVERROR_EOF) {
                return;
            }
            FfmpegErrors.check(received, "encoding");
            av_packet_rescale_ts(packet, codec.time_base(), stream.time_base());
            packet.stream_index(stream.index());
            FfmpegErrors.check(av_interleaved_write_frame(format, packet), "writing");
        }
    }

    @Override
    public void close() throws IOException {
        try {
            avcodec_send_frame(codec, (AVFrame) null);
            drain();
            FfmpegErrors.check(av_write_trailer(format), "finishing the file");
        } finally {
            free();
        }
    }

    private void free() {
        if (codec != null) {
            avcodec_free_context(codec);
        }
        if (opened) {
            avio_closep(format.pb());
        }
        if (!format.isNull()) {
            avformat_free_context(format);
        }
        if (scaler != null) {
            sws_freeContext(scaler);
        }
        av_frame_free(frame);
        av_packet_free(packet);
        pixels.close();
        planes.close();
        strides.close();
    }
}
