package sightline.operators.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sightline.config.domain.Box;
import sightline.config.domain.ObjectClass;

class PoolTest {
    @TempDir
    Path folder;

    @Test
    void aCorruptPictureIsSkippedAndTheOthersAreRead() throws Exception {
        Files.write(folder.resolve("good.jpg"), noise(1, 40, 30).jpeg(0.9f));
        Files.write(folder.resolve("bad.jpg"), new byte[] {1, 2, 3});
        Files.writeString(folder.resolve("index.json"), "[" + entry("bad.jpg") + "," + entry("good.jpg") + "]");
        List<LabeledPicture> read = PoolReader.read(folder, name -> true);
        assertThat(read).extracting(LabeledPicture::name).containsExactly("good.jpg");
        assertThat(read.getFirst().objects().getFirst().label()).isEqualTo(ObjectClass.CAR);
    }

    @Test
    void aTruncatedPictureIsNamedInTheFailure() {
        assertThatThrownBy(() -> Picture.decode("x/y.jpg", new byte[] {(byte) 0xff, (byte) 0xd8, 0}))
                .hasMessageContaining("x/y.jpg");
    }

    @Test
    void aPackShrinksAndKeepsItsLabels() throws Exception {
        var car = LabeledObject.human(ObjectClass.CAR, new Box(0.1, 0.2, 0.3, 0.4));
        var taught = Teaching.NONE.withStreet(new LabelMap(2, 1, new byte[] {3, LabelMap.UNSURE}));
        var picture = new LabeledPicture("s/1", "s", true, noise(1, 40, 30).jpeg(0.95f), List.of(car), taught);
        TrainPack pack = new TrainPack(List.of(picture), List.of()).smaller(1000, 0.3f);
        LabeledPicture small = pack.trained().getFirst();
        assertThat(small.encoded().length).isLessThan(picture.encoded().length / 2);
        assertThat(small.objects()).containsExactly(car);
        assertThat(small.teaching()).isEqualTo(taught);
        assertThat(small.decode().width()).isEqualTo(40);
    }

    @Test
    void evaluationPicturesAreRefused() {
        assertThatThrownBy(() -> NeverTrain.check("video/vtest.avi")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> NeverTrain.check("eval/coco/1.jpg")).isInstanceOf(IllegalArgumentException.class);
        assertThat(NeverTrain.check("coco/1.jpg")).isEqualTo("coco/1.jpg");
    }

    @Test
    void nearDuplicatesShareAClusterAndOthersDoNot() throws Exception {
        Picture a = smooth(1);
        Picture again = Picture.decode("again", a.jpeg(0.3f));
        Picture other = smooth(2);
        int[] cluster = Clusters.of(List.of(a, other, again), List.of("s", "s", "s"), Clusters.NEAR);
        assertThat(cluster).containsExactly(0, 1, 0);
    }

    @Test
    void aTeacherAddsWhatIsSureIgnoresWhatIsNotAndNeverTouchesCompletePictures() {
        var human = LabeledObject.human(ObjectClass.CAR, new Box(0, 0, 0.2, 0.2));
        var same = new LabeledObject(ObjectClass.CAR, new Box(0.01, 0, 0.2, 0.2), 0.9, false);
        var sure = new LabeledObject(ObjectClass.PERSON, new Box(0.5, 0.5, 0.1, 0.3), 0.8, false);
        var unsure = new LabeledObject(ObjectClass.PERSON, new Box(0.7, 0.5, 0.1, 0.3), 0.35, false);
        List<LabeledObject> merged = LabelMerge.PICODET.merge(false, List.of(human), List.of(same, sure, unsure));
        assertThat(merged).hasSize(3);
        assertThat(merged.get(1).ignored()).isFalse();
        assertThat(merged.get(2).ignored()).isTrue();
        assertThat(LabelMerge.PICODET.merge(true, List.of(human), List.of(sure)))
                .containsExactly(human);
    }

    @Test
    void aPackIsReadBackAsWritten() throws Exception {
        var o = new LabeledObject(ObjectClass.BUS, new Box(0.25, 0.5, 0.125, 0.25), 0.5, true);
        var p = new LabeledPicture("a/1.jpg", "a", false, noise(1, 8, 8).jpeg(0.5f), List.of(o));
        var q = new LabeledPicture("a/2.jpg", "a", true, noise(2, 8, 8).jpeg(0.5f), List.of());
        Path file = folder.resolve("pack.zip");
        new TrainPack(List.of(p), List.of(q)).write(file);
        TrainPack back = TrainPack.read(file);
        assertThat(back.trained()).hasSize(1);
        assertThat(back.trained().getFirst().objects()).containsExactly(o);
        assertThat(back.trained().getFirst().encoded()).containsExactly(p.encoded());
        assertThat(back.heldOut().getFirst().name()).isEqualTo("a/2.jpg");
    }

    @Test
    void samplesDependOnSeedStepAndIndexAlone() throws Exception {
        List<LabeledPicture> pictures = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            var o = LabeledObject.human(ObjectClass.CAR, new Box(0.3, 0.3, 0.4, 0.4));
            pictures.add(
                    new LabeledPicture("s/" + i, "s", true, noise(i, 60, 50).jpeg(0.8f), List.of(o)));
        }
        var source = new PictureSource(pictures, Map.of("s", 1.0));
        FloatBuffer one = FloatBuffer.allocate(3 * 64 * 64);
        FloatBuffer two = FloatBuffer.allocate(3 * 64 * 64);
        var maker = SampleMaker.boxes(source, new PictureCache(0), Augmentation.STREET, 64, 7);
        var other = SampleMaker.boxes(source, new PictureCache(1 << 20), Augmentation.STREET, 64, 7);
        List<Target> single = maker.draw(3, 1, one);
        other.draw(3, 0, two);
        List<Target> second = other.draw(3, 1, two);
        assertThat(second).isEqualTo(single);
        for (int i = 0; i < one.capacity(); i++) {
            assertThat(two.get(i)).isEqualTo(one.get(i));
        }
    }

    /** A white rectangle on black: the target must lie where the pixels are, whatever the augmentation did. */
    @Test
    void boxesFollowTheirPixels() throws Exception {
        byte[] rgb = new byte[3 * 100 * 80];
        for (int y = 20; y < 60; y++) {
            java.util.Arrays.fill(rgb, 3 * (y * 100 + 30), 3 * (y * 100 + 70), (byte) 255);
        }
        var o = LabeledObject.human(ObjectClass.CAR, new Box(0.3, 0.25, 0.4, 0.5));
        var p = new LabeledPicture("s/1", "s", true, new Picture(100, 80, rgb).jpeg(1f), List.of(o));
        var plain = new Augmentation(1, 0.9, 15, 40, 0, Augmentation.WHOLE);
        var maker =
                SampleMaker.boxes(new PictureSource(List.of(p), Map.of("s", 1.0)), new PictureCache(0), plain, 96, 3);
        FloatBuffer out = FloatBuffer.allocate(3 * 96 * 96);
        for (int step = 0; step < 20; step++) {
            for (Target t : maker.draw(step, 0, out)) {
                Picture drawn = maker.last();
                double inside = 0;
                for (int y = 0; y < 96; y++) {
                    for (int x = 0; x < 96; x++) {
                        inside += (drawn.rgb()[3 * (y * 96 + x)] & 255) > 180 ? 1 : 0;
                    }
                }
                assertThat(inside).isCloseTo(t.area(), within(0.12 * t.area() + 4));
            }
        }
    }

    /** A detector's objects stay whole; a person may come so near that the input cuts legs off. */
    @ParameterizedTest
    @CsvSource({"0.6, 50, 58", "0.75, 65, 73"})
    void objectsFillAtMostTheirShareOfTheInput(double fill, double least, double most) throws Exception {
        var o = LabeledObject.human(ObjectClass.PERSON, new Box(0.3, 0.25, 0.4, 0.5));
        var p = new LabeledPicture("s/1", "s", true, noise(1, 100, 80).jpeg(0.8f), List.of(o));
        var near = new Augmentation(1, 1, 20, 90, 0, fill);
        var maker =
                SampleMaker.boxes(new PictureSource(List.of(p), Map.of("s", 1.0)), new PictureCache(0), near, 96, 3);
        FloatBuffer out = FloatBuffer.allocate(3 * 96 * 96);
        double largest = 0;
        for (int step = 0; step < 200; step++) {
            for (Target t : maker.draw(step, 0, out)) {
                largest = Math.max(largest, Math.sqrt(t.area()));
            }
        }
        assertThat(largest).isBetween(least, most);
    }

    private static String entry(String file) {
        return "{\"file\":\"%s\",\"source\":\"s\",\"complete\":false,\"boxes\":[[\"car\",0.1,0.1,0.2,0.2]]}"
                .formatted(file);
    }

    private static Picture noise(long seed, int w, int h) {
        byte[] rgb = new byte[3 * w * h];
        new Random(seed).nextBytes(rgb);
        return new Picture(w, h, rgb);
    }

    private static Picture smooth(long seed) {
        return noise(seed, 12, 10).resize(200, 150);
    }
}
