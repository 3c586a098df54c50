package sightline.operators.fusion.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PartialViewsTest {
    @Test
    @Tag("long")
    void whatOneNodeSeesIsKeptByPossibilityAndLostByCovarianceIntersection() {
        List<PartialViews.Row> rows = PartialViews.run(1, 5, progress -> {});
        assertThat(rows.subList(0, 3)).allMatch(row -> row.lost() == 0);
        assertThat(rows)
                .filteredOn(row -> row.method().contains("GCI"))
                .isNotEmpty()
                .allMatch(row -> row.missedByOne() > 0.2);
    }
}
