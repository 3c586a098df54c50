package sightline.sensors.source;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import sightline.config.domain.EncodedFrame;
import sightline.sensors.decode.JpegEncoder;
import sightline.sensors.decode.JpegHeader;
import sightline.sensors.decode.JpegLimits;

/**
 * The pictures of a folder, in the order of their names, at an even rate. JPEG files pass through as they are, PNG files
 * are compressed. Listing the folder keeps the names, not the pictures.
 */
public final class ImageFolderSource implements Source<EncodedFrame> {
    private final String name;
    private final Source<EncodedFrame> source;

    /**
     * Reads a folder.
     *
     * @param folder holds the pictures; other files are left alone
     * @param stamp identity of the frames
     * @param startNanos exposure of the first
     * @param framesPerSecond above 0
     * @param encoder for PNG files
     * @param scheduler where files are read
     */
    public ImageFolderSource(
            Path folder,
            CameraStamp stamp,
            long startNanos,
            double framesPerSecond,
            JpegEncoder encoder,
            Scheduler scheduler) {
        if (!(framesPerSecond > 0)) {
            throw new IllegalArgumentException("framesPerSecond " + framesPerSecond + " is not positive");
        }
        this.name = stamp.camera();
        FrameClock clock = new FrameClock.Recording(startNanos, framesPerSecond);
        this.source = Source.reading(name, () -> new Folder(list(folder), stamp, clock, encoder), scheduler);
    }

    private static List<Path> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new BrokenSourceException("there is no folder " + folder.getFileName());
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> pictures = files.filter(f -> isJpeg(f) || suffix(f).equals("png"))
                    .sorted()
                    .toList();
            if (pictures.isEmpty()) {
                throw new BrokenSourceException("folder " + folder.getFileName() + " holds no JPEG or PNG file");
            }
            return pictures;
        }
    }

    private static boolean isJpeg(Path file) {
        String suffix = suffix(file);
        return suffix.equals("jpg") || suffix.equals("jpeg");
    }

    private static String suffix(Path file) {
        String text = file.getFileName().toString();
        return text.substring(text.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Flux<EncodedFrame> open() {
        return source.open();
    }

    private static final class Folder implements Reel<EncodedFrame> {
        private final List<Path> files;
        private final CameraStamp stamp;
        private final FrameClock clock;
        private final JpegEncoder encoder;
        private int index;

        Folder(List<Path> files, CameraStamp stamp, FrameClock clock, JpegEncoder encoder) {
            this.files = files;
            this.stamp = stamp;
            this.clock = clock;
            this.encoder = encoder;
        }

        @Override
        public EncodedFrame next() throws IOException {
            if (index == files.size()) {
                return null;
            }
            Path file = files.get(index);
            long exposure = clock.exposureNanos(index, -1, 0);
            if (isJpeg(file)) {
                ByteBuffer jpeg = ByteBuffer.wrap(Files.readAllBytes(file));
                JpegHeader header = JpegHeader.read(jpeg, JpegLimits.DEFAULT);
                return new EncodedFrame(
                        stamp.header(index++, exposure, header.width(), header.height()), "image/jpeg", jpeg);
            }
            BufferedImage image = ImageIO.read(file.toFile());
            if (image == null) {
                throw new IOException("picture " + file.getFileName() + " cannot be read");
            }
            int width = image.getWidth();
            int height = image.getHeight();
            ByteBuffer jpeg = encoder.encode(Rgb.of(image), width, height);
            return new EncodedFrame(stamp.header(index++, exposure, width, height), "image/jpeg", jpeg);
        }

        @Override
        public void close() {
            // No file stays open between pictures.
        }
    }
}
