package sightline.operators.sam;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import sightline.config.domain.Mask;

class AutomaticMasksTest {
    private final List<Prompt> asked = new ArrayList<>();

    /** Answers each prompt by the same four masks at places that depend on the prompt. */
    private List<Mask> of(int side, Function<Prompt, List<Mask>> answers) {
        List<Mask> handed = new ArrayList<>();
        return new AutomaticMasks(side, 0.88, 0.95, 0.7)
                .of(
                        new AutomaticMasks.Cutter() {
                            @Override
                            public List<List<Answer>> answer(List<Prompt> prompts) {
                                asked.addAll(prompts);
                                assertThat(prompts).hasSizeLessThanOrEqualTo(64);
                                return prompts.stream()
                                        .map(p -> answers.apply(p).stream()
                                                .map(mask -> {
                                                    handed.add(mask);
                                                    return new Answer(new float[] {handed.size() - 1}, mask.quality());
                                                })
                                                .toList())
                                        .toList();
                            }

                            @Override
                            public Mask mask(Answer answer) {
                                return handed.get((int) answer.logits()[0]);
                            }
                        },
                        320,
                        160);
    }

    private static Mask mask(double quality, double stability, int x, int y) {
        BitSet pixels = new BitSet();
        pixels.set(0, 400);
        return new Mask(Optional.empty(), quality, stability, x, y, 20, 20, pixels);
    }

    @Test
    void pointsAreTheCentresOfAGrid() {
        of(32, p -> List.of(mask(0, 0, 0, 0)));
        assertThat(asked).hasSize(1024);
        assertThat(asked.getFirst().points()).containsExactly(new Prompt.Point(5, 2.5, true));
        assertThat(asked.get(33).points()).containsExactly(new Prompt.Point(15, 7.5, true));
    }

    @Test
    void doubtfulAndUnstableMasksGo() {
        List<Mask> kept = of(
                1,
                p -> List.of(
                        mask(0.99, 0.99, 0, 0),
                        mask(0.88, 0.99, 50, 0),
                        mask(0.9, 0.94, 100, 0),
                        mask(0.9, 0.95, 200, 0)));
        // The first of four answers an unambiguous prompt; a single point is ambiguous.
        assertThat(kept).extracting(Mask::x).containsExactly(200);
    }

    @Test
    void bestOfOverlappingMasksStays() {
        List<Mask> kept = of(
                1,
                p -> List.of(
                        mask(0, 0, 0, 0),
                        mask(0.91, 0.99, 50, 50),
                        mask(0.95, 0.99, 52, 50),
                        mask(0.93, 0.99, 60, 50)));
        assertThat(kept).extracting(Mask::quality).containsExactly(0.95, 0.93);
    }
}
