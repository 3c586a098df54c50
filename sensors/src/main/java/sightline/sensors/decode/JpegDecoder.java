package sightline.sensors.decode;

import java.nio.ByteBuffer;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.Frame;
import sightline.config.domain.Pixels;

/**
 * Turns JPEG into pixels of a pool. Implementations may be called from any thread, decode on the caller's, and keep
 * nothing of the input.
 */
public interface JpegDecoder extends AutoCloseable {
    /**
     * Decodes a picture.
     *
     * @param jpeg from its position to its limit; neither is changed; heap or direct, read-only or not
     * @param pool where the pixels come from
     * @return pixels with one reference that the caller owns
     * @throws UnreadablePictureException if it is not decoded, with the reason; nothing is held from the pool then
     * @throws PixelPoolExhaustedException if the pool has no room
     */
    Pixels decode(ByteBuffer jpeg, PixelPool pool);

    /** Decodes a frame; the header of the result has the size that the picture really has. */
    default Frame decode(EncodedFrame frame, PixelPool pool) {
        Pixels pixels = decode(frame.payload(), pool);
        return new Frame(frame.header().withSize(pixels.width(), pixels.height()), pixels);
    }

    /**
     * A frame whose pixels are decoded when somebody first asks for them, for devices that decode it themselves.
     *
     * @throws UnreadablePictureException if its header already says that it cannot be decoded; what else is wrong with it is
     *     thrown where the pixels are asked for
     */
    default Frame later(EncodedFrame frame, PixelPool pool) {
        JpegHeader header = JpegHeader.read(frame.payload(), limits());
        Pixels pixels = new LazyPixels(this, frame.payload(), pool, header.width(), header.height());
        return new Frame(frame.header().withSize(header.width(), header.height()), pixels);
    }

    /** What it accepts. */
    JpegLimits limits();

    /** What does the work, for logs and tables. */
    String name();

    @Override
    void close();

    /** libjpeg-turbo where it is installed, ImageIO otherwise. */
    static JpegDecoder best(JpegLimits limits) {
        return TurboJpeg.load()
                .<JpegDecoder>map(turbo -> new TurboDecoder(turbo, limits))
                .orElseGet(() -> imageIo(limits));
    }

    /** ImageIO, which every JDK has. */
    static JpegDecoder imageIo(JpegLimits limits) {
        return new ImageIoDecoder(limits);
    }
}
