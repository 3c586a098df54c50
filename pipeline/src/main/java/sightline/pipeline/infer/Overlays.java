package sightline.pipeline.infer;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import javax.imageio.ImageIO;
import sightline.config.domain.Frame;
import sightline.sensors.source.VideoWriter;

/** Where overlays go: nowhere, to a folder as a picture each, or to a video. One thread; close it to finish the video. */
public sealed interface Overlays extends AutoCloseable {
    Set<String> VIDEO = Set.of("mp4", "mkv", "avi", "mov");

    void add(String name, Frame frame, Finding finding);

    @Override
    default void close() {}

    static Overlays none() {
        return new Nowhere();
    }

    /** A video if the name ends like one, a folder otherwise. */
    static Overlays to(Path target) {
        String name = target.getFileName().toString().toLowerCase(Locale.ROOT);
        return VIDEO.contains(name.substring(name.lastIndexOf('.') + 1)) ? new Film(target) : new Pictures(target);
    }

    /** Drops them. */
    record Nowhere() implements Overlays {
        @Override
        public void add(String name, Frame frame, Finding finding) {}
    }

    /** One PNG a frame. */
    record Pictures(Path folder) implements Overlays {
        @Override
        public void add(String name, Frame frame, Finding finding) {
            Path file = folder.resolve(name + ".png");
            try {
                Files.createDirectories(folder);
                ImageIO.write(Overlay.of(frame.pixels(), finding), "png", file.toFile());
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write " + file, e);
            }
        }
    }

    /** One video, in the frames' own time. */
    final class Film implements Overlays {
        private final Path file;
        private VideoWriter writer;
        private long startNanos;

        private Film(Path file) {
            this.file = file;
        }

        @Override
        public void add(String name, Frame frame, Finding finding) {
            BufferedImage picture = Overlay.of(frame.pixels(), finding);
            int width = picture.getWidth();
            int height = picture.getHeight();
            long exposure = frame.header().time().exposureNanos();
            try {
                if (writer == null) {
                    writer = VideoWriter.open(file, width, height);
                    startNanos = exposure;
                }
                writer.write(picture.getRGB(0, 0, width, height, null, 0, width), (exposure - startNanos) / 1_000_000);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write " + file, e);
            }
        }

        @Override
        public void close() {
            if (writer != null) {
                try {
                    writer.close();
                } catch (IOException e) {
                    throw new UncheckedIOException("cannot finish " + file, e);
                }
            }
        }
    }
}
