package sightline.sensors.decode;

import java.nio.ByteBuffer;

/** Compresses pictures. Implementations may be called from any thread. */
public interface JpegEncoder {
    /**
     * Compresses interleaved 8-bit RGB.
     *
     * @param rgb row-major without padding, at least {@code 3 * width * height} bytes; not kept
     * @param width pixels
     * @param height pixels
     * @return a new buffer that holds the JPEG, position 0, limit at its end
     */
    ByteBuffer encode(byte[] rgb, int width, int height);

    /** What does the work, for logs and tables. */
    String name();

    /**
     * libjpeg-turbo where it is installed, ImageIO otherwise. The two write different bytes for the same picture.
     *
     * @param quality 1..100
     */
    static JpegEncoder best(int quality) {
        return TurboJpeg.load()
                .<JpegEncoder>map(turbo -> new TurboEncoder(turbo, quality))
                .orElseGet(() -> imageIo(quality));
    }

    /** Compresses with ImageIO, which every JDK has. */
    static JpegEncoder imageIo(int quality) {
        return new ImageIoEncoder(quality);
    }
}
