package sightline.operators.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import sightline.config.domain.Box;
import sightline.config.domain.ObjectClass;

/** A pack that travels: what is in it, how coarse it becomes, and how often anybody is asked to label. */
class PackBuilderTest {
    private static final int PICTURES = 160;
    private static final LabeledObject CAR =
            new LabeledObject(ObjectClass.CAR, new Box(0.25, 0.25, 0.5, 0.5), 0.75, false);

    @TempDir
    Path folder;

    private final ConcurrentLinkedQueue<String> looked = new ConcurrentLinkedQueue<>();
    private final List<String> said = new ArrayList<>();

    @Test
    void picturesGetCoarserUntilTheyFitAndEachIsLabelledOnce() throws Exception {
        TrainPack chosen = builder(Long.MAX_VALUE).chosen(pictures(PICTURES));
        assertThat(chosen.trained().size() + chosen.heldOut().size()).isEqualTo(PICTURES);
        Path roomy = folder.resolve("roomy.zip");
        assertThat(write(chosen, roomy, Long.MAX_VALUE)).isEqualTo(0.9f);
        long whole = Files.size(roomy);
        looked.clear();

        Path tight = folder.resolve("tight.zip");
        assertThat(write(chosen, tight, whole * 3 / 4)).isBetween(0.3f, 0.85f);

        assertThat(Files.size(tight)).isBetween(whole / 2, whole * 3 / 4);
        assertThat(looked).doesNotHaveDuplicates().hasSize(PICTURES);
        TrainPack read = TrainPack.read(tight);
        assertThat(read.trained())
                .extracting(LabeledPicture::name)
                .containsExactlyElementsOf(
                        chosen.trained().stream().map(LabeledPicture::name).toList());
        assertThat(read.heldOut()).isNotEmpty().hasSameSizeAs(chosen.heldOut());
        assertThat(read.trained()).allSatisfy(p -> assertThat(p.objects()).containsExactly(CAR));
    }

    @Test
    void whatCannotFitIsSaidBeforeMoreThanASampleIsLabelled() throws Exception {
        TrainPack chosen = builder(Long.MAX_VALUE).chosen(pictures(PICTURES));
        Path file = Files.writeString(folder.resolve("pack.zip"), "what was there");

        assertThatThrownBy(() -> write(chosen, file, 100_000))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("160 pictures")
                .hasMessageContaining("100,000 are allowed")
                .hasMessageContaining("pictures of at most 32 pixels would fit");

        assertThat(looked).hasSize(PackFit.SAMPLE);
        assertThat(file).hasContent("what was there");
        assertThat(folder).isDirectoryNotContaining("glob:**.writing");
    }

    @Test
    void whatIsProposedFits() throws Exception {
        TrainPack pack = new TrainPack(pictures(PICTURES), List.of());
        var fit = new PackFit(PackFit.sampled(pack), PICTURES, 200_000);
        assertThatThrownBy(() -> fit.quality(96, 0.6f)).hasMessageContaining("pictures of at most 64 pixels would fit");
        assertThat(PackFit.write(pack, folder.resolve("pack.zip"), 200_000, 64, 0.3f))
                .isEqualTo(0.3f);
    }

    @Test
    void aSampleForetellsTheWhole() throws Exception {
        TrainPack pack = new TrainPack(pictures(PICTURES), pictures("held/", 40));
        TrainPack sample = PackFit.sampled(pack);
        assertThat(sample.trained()).hasSize(80);
        assertThat(sample.heldOut()).hasSize(20);
        long foretold = new PackFit(sample, 200, 0).foretold(64, 0.5f);
        assertThat(foretold).isCloseTo(pack.smaller(64, 0.5f).bytes(), withinPercentage(5));
    }

    @Test
    void fewerPicturesAreTakenFromEverywhereAndNoneOfThoseHeldOut() throws Exception {
        TrainPack pack = new TrainPack(pictures(12), pictures("held/", 2));
        TrainPack fewer = PackBuilder.thinned(pack, 6);
        assertThat(fewer.trained()).extracting(LabeledPicture::name).containsExactly("s/0", "s/3", "s/6", "s/9");
        assertThat(fewer.heldOut()).isEqualTo(pack.heldOut());
        assertThat(PackBuilder.thinned(pack, 14)).isEqualTo(pack);
    }

    @Test
    void progressSaysHowLongItStillTakes() {
        var clock = new AtomicLong();
        var pace = new Pace(160, clock::get, said::add);
        for (int done = 1; done <= 160; done++) {
            clock.addAndGet(250_000_000);
            pace.done(done);
        }
        assertThat(said)
                .hasSize(20)
                .startsWith("8 of 160 pictures labelled, 4.0 a second, 38 s left")
                .endsWith("160 of 160 pictures labelled, 4.0 a second, 0 s left");
    }

    @Test
    void theWholeLabellingIsToldWithOneCount() throws Exception {
        write(new TrainPack(pictures(150), pictures("held/", 10)), folder.resolve("pack.zip"), Long.MAX_VALUE);
        assertThat(said).hasSize(21);
        assertThat(said.get(12)).startsWith("about ");
        assertThat(said.getLast()).startsWith("160 of 160 pictures labelled");
    }

    @Test
    void aCorruptPictureIsSkippedWithItsName() throws Exception {
        var log = (Logger) LoggerFactory.getLogger(PackBuilder.class);
        var heard = new ListAppender<ILoggingEvent>();
        heard.start();
        log.addAppender(heard);
        try {
            List<LabeledPicture> all = new ArrayList<>(pictures(2));
            all.add(new LabeledPicture("s/broken.jpg", "s", false, new byte[] {1, 2, 3}, List.of()));
            TrainPack chosen = new PackBuilder(96, 0.9f, 4, 0, Long.MAX_VALUE).chosen(all);
            assertThat(chosen.trained()).extracting(LabeledPicture::name).containsExactly("s/0", "s/1");
            assertThat(heard.list).singleElement().asString().contains("s/broken.jpg");
        } finally {
            log.detachAppender(heard);
        }
    }

    @Test
    void aTeacherThatFailsEndsThePack() throws Exception {
        TrainPack chosen = builder(Long.MAX_VALUE).chosen(pictures(PICTURES));
        var lessons = new Lessons(
                () -> lesson(p -> {
                    looked.add(p.name());
                    throw new IOException("no more chalk");
                }),
                1);
        assertThatThrownBy(() -> builder(Long.MAX_VALUE)
                        .write(chosen, lessons, folder.resolve("pack.zip"), System::nanoTime, said::add))
                .hasMessageContaining("no more chalk");
        assertThat(looked).isNotEmpty().hasSizeLessThanOrEqualTo(PackFit.SAMPLE);
        assertThat(folder).isEmptyDirectory();
    }

    private float write(TrainPack chosen, Path file, long bytes) throws Exception {
        var lessons = new Lessons(
                () -> lesson(p -> {
                    looked.add(p.name());
                    return p.labeled(List.of(CAR));
                }),
                2);
        return builder(bytes).write(chosen, lessons, file, System::nanoTime, said::add);
    }

    private static PackBuilder builder(long bytes) {
        return new PackBuilder(96, 0.9f, 4, 0.08, bytes);
    }

    private interface Look {
        LabeledPicture at(LabeledPicture picture) throws IOException;
    }

    private static Lesson lesson(Look look) {
        return new Lesson() {
            @Override
            public LabeledPicture give(LabeledPicture picture) throws IOException {
                return look.at(picture);
            }

            @Override
            public void close() {}
        };
    }

    private static List<LabeledPicture> pictures(int n) throws IOException {
        return pictures("s/", n);
    }

    /** No two alike. */
    private static List<LabeledPicture> pictures(String names, int n) throws IOException {
        List<LabeledPicture> pictures = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            byte[] rgb = new byte[3 * 24 * 18];
            new Random(names.hashCode() + i).nextBytes(rgb);
            byte[] jpeg = new Picture(24, 18, rgb).resize(96, 72).jpeg(0.95f);
            pictures.add(new LabeledPicture(names + i, "s", false, jpeg, List.of()));
        }
        return pictures;
    }
}
