package sightline.sensors.source;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BILINEAR;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCachedContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.ffmpeg.swscale.SwsFilter;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;
import sightline.sensors.decode.JpegEncoder;

/** Decodes packets of any codec and compresses the pictures as JPEG. One thread. */
final class Transcoder implements AutoCloseable {
    private final JpegEncoder encoder;
    private final AVFrame frame = av_frame_alloc();
    private final PointerPointer<BytePointer> planes = new PointerPointer<>(1);
    private final IntPointer strides = new IntPointer(1);
    private AVCodecContext context;
    private SwsContext scaler;
    private BytePointer pixels;
    private byte[] rgb = new byte[0];

    private Transcoder(JpegEncoder encoder) {
        this.encoder = encoder;
    }

    static Transcoder open(AVStream video, JpegEncoder encoder) throws IOException {
        AVCodec codec = avcodec_find_decoder(video.codecpar().codec_id());
        if (codec == null) {
            throw new BrokenSourceException(
                    "there is no decoder for codec " + video.codecpar().codec_id());
        }
        Transcoder transcoder = new Transcoder(encoder);
        try {
            transcoder.context = avcodec_alloc_context3(codec);
            FfmpegErrors.check(avcodec_parameters_to_context(transcoder.context, video.codecpar()), "codec parameters");
            transcoder.context.thread_count(1);
            FfmpegErrors.check(avcodec_open2(transcoder.context, codec, (AVDictionary) null), "opening the codec");
            return transcoder;
        } catch (IOException | RuntimeException e) {
            transcoder.close();
            throw e;
        }
    }

    /** Feeds a packet. A packet that cannot be decoded is skipped: the next key frame mends it. */
    void send(AVPacket packet) throws IOException {
        int sent = avcodec_send_packet(context, packet);
        if (sent == AVERROR_EAGAIN()) {
            FfmpegErrors.check(sent, "decoding");
        }
    }

    /** No packet will follow: what the decoder still holds comes out. */
    void drain() {
        avcodec_send_packet(context, (AVPacket) null);
    }

    /** Whether a picture came out. */
    boolean receive() throws IOException {
        int received = avcodec_receive_frame(context, frame);
        if (received == AVERROR_EAGAIN() || received == AVERROR_EOF) {
            return false;
        }
        FfmpegErrors.check(received, "decoding");
        return true;
    }

    int width() {
        return frame.width();
    }

    int height() {
        return frame.height();
    }

    long ticks() {
        return frame.best_effort_timestamp();
    }

    /** The picture that came out last, compressed. */
    ByteBuffer jpeg() throws IOException {
        int width = width();
        int height = height();
        scaler = sws_getCachedContext(
                scaler,
                width,
                height,
                frame.format(),
                width,
                height,
                AV_PIX_FMT_RGB24,
                SWS_BILINEAR,
                (SwsFilter) null,
                (SwsFilter) null,
                (DoublePointer) null);
        if (scaler == null) {
            throw new BrokenSourceException("pictures of format " + frame.format() + " cannot be converted");
        }
        int size = 3 * width * height;
        if (rgb.length != size) {
            if (pixels != null) {
                pixels.close();
            }
            // Vectorised conversion may write a little beyond the end.
            pixels = new BytePointer(size + 64L);
            rgb = new byte[size];
        }
        planes.put(0, pixels);
        strides.put(0, 3 * width);
        FfmpegErrors.check(
                sws_scale(scaler, frame.data(), frame.linesize(), 0, height, planes, strides), "converting pixels");
        pixels.get(rgb, 0, size);
        return encoder.encode(rgb, width, height);
    }

    @Override
    public void close() {
        if (context != null) {
            avcodec_free_context(context);
        }
        av_frame_free(frame);
        if (scaler != null) {
            sws_freeContext(scaler);
        }
        if (pixels != null) {
            pixels.close();
        }
        planes.close();
        strides.close();
    }
}
