package sightline.sensors.source;

import java.awt.Image;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.imageio.ImageIO;
import reactor.core.publisher.Flux;
import sightline.config.domain.EncodedFrame;
import sightline.sensors.decode.JpegEncoder;

/**
 * A camera that changes its resolution while it runs, as some do when their bandwidth shrinks. Frames only.
 *
 * @param after frames before the change
 * @param width from then on, pixels
 * @param height from then on, pixels
 * @param encoder compresses the new pictures
 */
public record ResolutionChange(long after, int width, int height, JpegEncoder encoder) {
    public Flux<EncodedFrame> spoil(Flux<EncodedFrame> flux) {
        return flux.index()
                .concatMap(
                        t -> t.getT1() < after ? Flux.just(t.getT2()) : Flux.defer(() -> Flux.just(resized(t.getT2()))),
                        1);
    }

    private EncodedFrame resized(EncodedFrame frame) {
        byte[] jpeg = new byte[frame.bytes()];
        frame.payload().get(frame.payload().position(), jpeg);
        try {
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(jpeg));
            BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
            var graphics = small.createGraphics();
            graphics.drawImage(image.getScaledInstance(width, height, Image.SCALE_AREA_AVERAGING), 0, 0, null);
            graphics.dispose();
            ByteBuffer encoded = encoder.encode(Rgb.of(small), width, height);
            return new EncodedFrame(frame.header().withSize(width, height), frame.contentType(), encoded);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("a frame could not be resized", e);
        }
    }
}
