package sightline.kernels.cuda.single;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sightline.kernels.cuda.single.WideCut.Sizes;
import sightline.kernels.cuda.single.WideCut.Tile;

class WideCutChoiceTest {
    static Stream<Sizes> sizes() {
        SplittableRandom random = new SplittableRandom(7);
        return Stream.generate(() -> new Sizes(
                        random.nextInt(96, 9000),
                        8 * random.nextInt(12, 900),
                        random.nextInt(96, 9000),
                        random.nextInt(1, 9),
                        random.nextInt(1, 9),
                        1,
                        1))
                .limit(40);
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void everyPairOfTilesIsWholeOrInPieces(Sizes sizes) {
        WideCut cut = WideCut.of(sizes, true, true);
        int pairs = cut.tile().count(sizes);
        assertThat(cut.whole()).isBetween(0, pairs);
        assertThat(cut.parts()).isEqualTo((pairs - cut.whole()) * cut.splits());
        assertThat(cut.splits()).isBetween(1, sizes.steps());
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void noShapeOfTilesLeftWholeIsCheaper(Sizes sizes) {
        WideCut cut = WideCut.of(sizes, false, true);
        for (Tile tile : Tile.values()) {
            WideCut whole = WideCut.of(sizes, tile, tile.count(sizes), 1, false);
            assertThat(cut.cost()).isLessThanOrEqualTo(whole.cost());
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void rowsThatWideStoresCannotBeginAtGoThroughPieces(Sizes sizes) {
        assertThat(WideCut.of(sizes, false, false).whole()).isZero();
    }

    @Test
    void aLongSumOfFewTilesIsCutSoThatTheDeviceIsFull() {
        WideCut cut = WideCut.of(new Sizes(1152, 1152, 8192, 1, 1, 1, 1), false, true);
        assertThat(cut.splits()).isGreaterThan(1);
        assertThat(cut.parts()).isBetween(50, 66);
    }
}
