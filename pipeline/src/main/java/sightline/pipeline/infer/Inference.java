package sightline.pipeline.infer;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.ImageIO;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.Frame;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.sensors.decode.JpegDecoder;
import sightline.sensors.decode.JpegEncoder;
import sightline.sensors.decode.JpegLimits;
import sightline.sensors.decode.PixelPool;
import sightline.sensors.source.CameraStamp;
import sightline.sensors.source.ImageFolderSource;
import sightline.sensors.source.VideoSource;

/** Runs a network over a picture, a folder or a video: findings as JSON lines, overlays as pictures or as one video. */
public final class Inference {
    private static final long POOL = 256L << 20;
    private static final int QUALITY = 95;

    private Inference() {}

    /**
     * @param input picture, folder or video
     * @param overlays where overlays go
     * @param every only each so-many-th frame of a folder or video
     * @param most stop after so many pictures
     * @return pictures looked at
     */
    public static long run(Looking looking, Path input, Overlays overlays, int every, long most, PrintStream out) {
        try (JpegDecoder decoder = JpegDecoder.best(JpegLimits.DEFAULT);
                PixelPool pool = PixelPool.of(POOL)) {
            return frames(input)
                    .index()
                    .filter(indexed -> indexed.getT1() % every == 0)
                    .take(most)
                    .doOnNext(indexed -> {
                        try (Frame frame = decoder.decode(indexed.getT2(), pool)) {
                            Finding finding = looking.look(frame);
                            String name = String.format(Locale.ROOT, "%s-%06d", input.getFileName(), indexed.getT1());
                            out.println(Findings.line(name, frame.header(), finding, looking.identity()));
                            overlays.add(name, frame, finding);
                        }
                    })
                    .count()
                    .block();
        }
    }

    private static Flux<EncodedFrame> frames(Path input) {
        JpegEncoder encoder = JpegEncoder.imageIo(QUALITY);
        CameraStamp stamp = CameraStamp.replay(input.getFileName().toString(), 0);
        if (Files.isDirectory(input)) {
            return new ImageFolderSource(input, stamp, 0, 1, encoder, Schedulers.boundedElastic()).open();
        }
        String name = input.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".jpg") || name.endsWith(".jpeg") || name.endsWith(".png")) {
            return Flux.defer(() -> Flux.just(picture(input, encoder)));
        }
        return VideoSource.file(input, stamp, 0, 0, encoder, Schedulers.boundedElastic())
                .open();
    }

    private static EncodedFrame picture(Path file, JpegEncoder encoder) {
        try {
            ByteBuffer jpeg = file.toString().toLowerCase(Locale.ROOT).endsWith(".png")
                    ? recoded(file, encoder)
                    : ByteBuffer.wrap(Files.readAllBytes(file));
            FrameHeader header = new FrameHeader(
                    file.getFileName().toString(), 0, 0, ObservationTime.at(0, "file"), Origin.REPLAY, 0, 0, "", "");
            return new EncodedFrame(header, "image/jpeg", jpeg);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static ByteBuffer recoded(Path file, JpegEncoder encoder) throws IOException {
        var image = ImageIO.read(file.toFile());
        if (image == null) {
            throw new IOException(file + " is no picture that can be read");
        }
        byte[] rgb = new byte[3 * image.getWidth() * image.getHeight()];
        for (int i = 0, y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int value = image.getRGB(x, y);
                rgb[i++] = (byte) (value >> 16);
                rgb[i++] = (byte) (value >> 8);
                rgb[i++] = (byte) value;
            }
        }
        return encoder.encode(rgb, image.getWidth(), image.getHeight());
    }
}
