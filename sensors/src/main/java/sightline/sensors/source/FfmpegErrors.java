package sightline.sensors.source;

import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** ffmpeg's negative results as exceptions. */
final class FfmpegErrors {
    private FfmpegErrors() {}

    static void check(int result, String what) throws IOException {
        if (result < 0) {
            throw new IOException(what + ": " + text(result));
        }
    }

    static String text(int error) {
        byte[] text = new byte[128];
        av_strerror(error, text, text.length);
        int end = 0;
        while (end < text.length && text[end] != 0) {
            end++;
        }
        return new String(text, 0, end, StandardCharsets.UTF_8);
    }
}
