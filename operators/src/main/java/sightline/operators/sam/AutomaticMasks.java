package sightline.operators.sam;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import sightline.config.domain.Box;
import sightline.config.domain.Mask;

/**
 * Everything in a picture: a grid of points as prompts, of whose three answers each the good and stable ones are kept,
 * the best of those that overlap. Defaults are the official ones, with a single crop, the whole picture.
 *
 * @param pointsPerSide of the grid
 * @param leastQuality of a mask, as predicted
 * @param leastStability of a mask
 * @param overlap intersection over union of boxes above which the weaker of two masks goes
 */
public record AutomaticMasks(int pointsPerSide, double leastQuality, double leastStability, double overlap) {
    public static final AutomaticMasks DEFAULT = new AutomaticMasks(32, 0.88, 0.95, 0.7);

    public AutomaticMasks {
        if (pointsPerSide < 1) {
            throw new IllegalArgumentException("a grid has at least one point a side, not " + pointsPerSide);
        }
    }

    /** What answers prompts about one picture. */
    interface Cutter {
        List<List<Answer>> answer(List<Prompt> prompts);

        Mask mask(Answer answer);
    }

    /** All masks of the picture that was looked at last, in falling order of quality. */
    public List<Mask> of(SegmentAnything sam) {
        PromptFrame frame = sam.looked();
        Cutter cutter = new Cutter() {
            @Override
            public List<List<Answer>> answer(List<Prompt> prompts) {
                return sam.answer(prompts);
            }

            @Override
            public Mask mask(Answer answer) {
                return sam.mask(answer);
            }
        };
        return of(cutter, frame.sourceWidth(), frame.sourceHeight());
    }

    List<Mask> of(Cutter cutter, int width, int height) {
        List<Prompt> grid = grid(width, height);
        List<Mask> good = new ArrayList<>();
        // A run at a time: a thousand prompts' answers are more than memory should hold.
        for (int from = 0; from < grid.size(); from += Decoders.MOST_PROMPTS) {
            List<Prompt> run = grid.subList(from, Math.min(grid.size(), from + Decoders.MOST_PROMPTS));
            for (List<Answer> four : cutter.answer(run)) {
                for (Answer answer : four.subList(1, four.size())) {
                    if (answer.quality() > leastQuality) {
                        Mask mask = cutter.mask(answer);
                        if (mask.stability() >= leastStability && mask.width() > 0) {
                            good.add(mask);
                        }
                    }
                }
            }
        }
        return best(good);
    }

    private List<Prompt> grid(int width, int height) {
        List<Prompt> points = new ArrayList<>(pointsPerSide * pointsPerSide);
        for (int j = 0; j < pointsPerSide; j++) {
            for (int i = 0; i < pointsPerSide; i++) {
                points.add(Prompt.at((i + 0.5) * width / pointsPerSide, (j + 0.5) * height / pointsPerSide));
            }
        }
        return points;
    }

    private List<Mask> best(List<Mask> masks) {
        List<Mask> kept = new ArrayList<>();
        masks.stream()
                .sorted(Comparator.comparingDouble((Mask m) -> -m.quality()))
                .filter(m -> kept.stream().noneMatch(k -> span(k).iou(span(m)) > overlap))
                .forEach(kept::add);
        return kept;
    }

    /** From the first pixel's centre to the last one's, as the official code measures boxes. */
    private static Box span(Mask mask) {
        return new Box(mask.x(), mask.y(), mask.width() - 1, mask.height() - 1);
    }
}
