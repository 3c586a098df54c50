package sightline.operators.depict;

import java.awt.image.BufferedImage;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import sightline.config.domain.Detections;
import sightline.config.domain.Frame;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.domain.Pixels;
import sightline.config.domain.Poses;
import sightline.operators.perception.Perceiver;
import sightline.sensors.decode.PixelPool;

/**
 * The gate's eyes: the networks that look at cameras look at a depiction. Threading: one thread at a time. Ownership: it
 * closes its networks.
 */
public final class PerceptionReader implements ReadBackGate.Reader, AutoCloseable {
    private static final long POOL_BYTES = 64L << 20;

    private final Perceiver<Detections> detector;
    private final Optional<Perceiver<Poses>> poser;
    private final PixelPool pool = PixelPool.of(POOL_BYTES);

    /**
     * @param detector with a low threshold: the gate has thresholds of its own
     * @param poser where there is one; without it postures are not read back
     */
    public PerceptionReader(Perceiver<Detections> detector, Optional<Perceiver<Poses>> poser) {
        this.detector = detector;
        this.poser = poser;
    }

    @Override
    public String name() {
        String who = detector.identity().name();
        return poser.map(p -> who + " and " + p.identity().name()).orElse(who);
    }

    @Override
    public ReadBackGate.Sight look(BufferedImage image) {
        FrameHeader header = new FrameHeader(
                "depiction",
                0,
                0,
                new ObservationTime(0, 0, "none", 0, 0),
                Origin.SYNTHETIC,
                image.getWidth(),
                image.getHeight(),
                "",
                "");
        try (Frame frame = new Frame(header, pixels(image))) {
            return new ReadBackGate.Sight(
                    detector.perceive(List.of(frame)).getFirst().detections(),
                    poser.map(p -> p.perceive(List.of(frame)).getFirst().poses()));
        }
    }

    private Pixels pixels(BufferedImage image) {
        int width = image.getWidth();
        Pixels pixels = pool.acquire(width, image.getHeight());
        int[] row = new int[width];
        byte[] rgb = new byte[3 * width];
        for (int y = 0; y < image.getHeight(); y++) {
            image.getRGB(0, y, width, 1, row, 0, width);
            for (int x = 0; x < width; x++) {
                rgb[3 * x] = (byte) (row[x] >> 16);
                rgb[3 * x + 1] = (byte) (row[x] >> 8);
                rgb[3 * x + 2] = (byte) row[x];
            }
            java.lang.foreign.MemorySegment.copy(
                    rgb, 0, pixels.data(), ValueLayout.JAVA_BYTE, (long) y * pixels.stride(), rgb.length);
        }
        return pixels;
    }

    @Override
    public void close() {
        detector.close();
        poser.ifPresent(Perceiver::close);
        pool.close();
    }
}
