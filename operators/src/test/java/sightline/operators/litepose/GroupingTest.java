package sightline.operators.litepose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import sightline.operators.litepose.Grouping.Person;

class GroupingTest {
    private static Peak peak(double value, float tag) {
        return new Peak(1, 1, (float) value, new float[] {tag}, 0, 0);
    }

    /** The trap: a distance of exactly a half counts as none, so the stronger peak wins; rounded up it would lose. */
    @Test
    void tagDistancesAreRoundedHalfToEven() {
        Peak strong = peak(0.9, 0.5f);
        Peak near = peak(0.2, 0.25f);

        List<Person> people = Grouping.group(List.of(List.of(peak(0.8, 0)), List.of(strong, near)));

        assertThat(people).hasSize(2);
        assertThat(people.getFirst().joints[1]).isSameAs(strong);
        assertThat(people.getLast().joints[1]).isSameAs(near);
    }

    @Test
    void peaksAsFarAsATagOpenAPersonOfTheirOwn() {
        Peak far = peak(0.9, 1.0f);

        List<Person> people = Grouping.group(List.of(List.of(peak(0.8, 0)), List.of(far)));

        assertThat(people).hasSize(2);
        assertThat(people.getFirst().joints[1]).isNull();
        assertThat(people.getLast().joints[1]).isSameAs(far);
    }
}
