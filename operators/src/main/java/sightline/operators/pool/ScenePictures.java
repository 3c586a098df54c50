package sightline.operators.pool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import sightline.config.domain.Box;
import sightline.sensors.scene.ObjectLabel;
import sightline.sensors.scene.Plaza;
import sightline.sensors.scene.PlazaSettings;
import sightline.sensors.scene.SimulatedCamera;

/**
 * Pictures of simulated plazas with their free labels: every plaza has its own seed, crowd and time of day, and every
 * camera of it is used. What shows less than a quarter is ignored.
 */
public final class ScenePictures {
    /** Source name of simulated pictures. */
    public static final String SOURCE = "scene";

    private static final double LEAST_VISIBLE = 0.25;

    private ScenePictures() {}

    /**
     * Draws pictures.
     *
     * @param firstSeed seed of the first plaza
     * @param plazas how many plazas
     * @param perCamera pictures of each of a plaza's cameras, seconds apart
     * @param width of a picture; the height follows
     * @param quality of the JPEGs
     */
    public static List<LabeledPicture> draw(long firstSeed, int plazas, int perCamera, int width, float quality) {
        return LongStream.range(firstSeed, firstSeed + plazas)
                .parallel()
                .mapToObj(seed -> plaza(seed, perCamera, width, quality))
                .flatMap(List::stream)
                .toList();
    }

    private static List<LabeledPicture> plaza(long seed, int perCamera, int width, float quality) {
        List<LabeledPicture> pictures = new ArrayList<>();
        var random = new SplittableRandom(seed);
        PlazaSettings settings = PlazaSettings.of(seed)
                .withCrowd(4 + random.nextInt(22), 1 + random.nextInt(8))
                .withPicture(width, width * 9 / 16 / 4 * 4, 10)
                .withDay(7 + random.nextDouble() * 11, 0);
        try {
            for (SimulatedCamera camera : Plaza.of(settings).cameras()) {
                for (int i = 0; i < perCamera; i++) {
                    pictures.add(picture(seed, camera, random.nextInt(50, 1200), quality));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return pictures;
    }

    private static LabeledPicture picture(long seed, SimulatedCamera camera, long sequence, float quality)
            throws IOException {
        sightline.sensors.scene.Picture drawn = camera.draw(sequence);
        int w = drawn.header().width();
        int h = drawn.header().height();
        List<LabeledObject> objects = new ArrayList<>();
        for (ObjectLabel label : drawn.labels()) {
            Box b = label.visible();
            var box = new Box(b.x() / w, b.y() / h, b.width() / w, b.height() / h);
            objects.add(new LabeledObject(label.label(), box, 1, label.visibility() < LEAST_VISIBLE));
        }
        String name = SOURCE + "/" + seed + "-" + camera.name() + "-" + sequence + ".jpg";
        byte[] jpeg = new Picture(w, h, drawn.rgb()).jpeg(quality);
        return new LabeledPicture(name, SOURCE, true, jpeg, objects);
    }
}
