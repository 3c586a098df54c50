package sightline.operators.depict;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import sightline.config.domain.Brief;
import sightline.sensors.decode.JpegEncoder;
import sightline.sensors.scene.Plaza;
import sightline.sensors.scene.PlazaSettings;
import sightline.sensors.scene.SimulatedCamera;

/**
 * Training pairs from simulated plazas: every plaza has its own seed, crowd and time of day, and gives some frames of each
 * camera. Equal arguments give equal pairs; drawn one by one, as they are asked for.
 */
public final class PairSource {
    private static final int FRAMES_A_CAMERA = 4;
    /** Frames before the crowd has spread. */
    private static final long FIRST = 50;
    /** Each of a camera's frames is taken from a stretch of its own, so none is taken twice. */
    private static final long STRETCH = 288;

    private final long firstSeed;
    private final int width;
    private final JpegEncoder encoder;

    public PairSource(long firstSeed, int width, JpegEncoder encoder) {
        this.firstSeed = firstSeed;
        this.width = width;
        this.encoder = encoder;
    }

    public Iterator<TrainingPair> pairs(int count) {
        int cameras = PlazaSettings.of(firstSeed).cameras();
        int aPlaza = cameras * FRAMES_A_CAMERA;
        return IntStream.range(0, Math.ceilDiv(count, aPlaza))
                .boxed()
                .flatMap(i -> {
                    Plaza plaza = plaza(firstSeed + i);
                    return IntStream.range(0, Math.min(aPlaza, count - i * aPlaza))
                            .mapToObj(k -> pair(plaza, plaza.cameras().get(k / FRAMES_A_CAMERA), k));
                })
                .iterator();
    }

    private Plaza plaza(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return Plaza.of(PlazaSettings.of(seed)
                .withCrowd(4 + random.nextInt(22), 1 + random.nextInt(8))
                .withPicture(width, width * 9 / 16 / 4 * 4, 10)
                .withDay(7 + random.nextDouble() * 11, 0));
    }

    private TrainingPair pair(Plaza plaza, SimulatedCamera camera, int number) {
        long seed = plaza.settings().seed();
        long sequence = FIRST
                + number % FRAMES_A_CAMERA * STRETCH
                + new SplittableRandom(seed * 1_000_003 + number).nextLong(STRETCH);
        Brief brief = SceneBriefs.of(plaza, camera, sequence);
        var picture = camera.draw(sequence);
        ByteBuffer jpeg = encoder.encode(
                picture.rgb(), picture.header().width(), picture.header().height());
        byte[] bytes = new byte[jpeg.remaining()];
        jpeg.duplicate().get(bytes);
        String name = "plaza-" + seed + "-" + camera.name() + "-" + sequence;
        return new TrainingPair(name, brief, LayoutRaster.of(brief, camera.model()), bytes);
    }
}
