package sightline.operators.perception;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import sightline.config.domain.Frame;
import sightline.config.domain.Pixels;
import sightline.kernels.vision.Framing;

/**
 * Frames that are run together: those of one framing, whoever took them. Frames stay their owner's.
 *
 * @param framing of each picture in the input
 * @param size pictures that the run is compiled for, as many as there are frames or more
 * @param places of the frames in the list that they came in
 * @param frames in the order of their slots in the run
 */
public record Batch<F extends Framing>(F framing, int size, List<Integer> places, List<Frame> frames) {
    /** Pictures of a run; a few sizes, since each one is compiled. */
    private static final int[] SIZES = {1, 4, 16, 32};
    /** Of all pictures of a batch: more fill a device by themselves, and their activations its memory. */
    private static final long MOST_PIXELS = 8 << 20;

    /**
     * @param place how a picture becomes the input
     * @param pays pictures that are better run together than one after another
     */
    static <F extends Framing> List<Batch<F>> of(List<Frame> frames, Function<Pixels, F> place, int pays) {
        Map<F, List<Integer>> alike = new LinkedHashMap<>();
        for (int i = 0; i < frames.size(); i++) {
            alike.computeIfAbsent(place.apply(frames.get(i).pixels()), framing -> new ArrayList<>())
                    .add(i);
        }
        List<Batch<F>> batches = new ArrayList<>();
        alike.forEach((framing, places) -> {
            int most = (int) Math.min(pays, MOST_PIXELS / ((long) framing.inputHeight() * framing.inputWidth()));
            for (int from = 0; from < places.size(); ) {
                int size = size(places.size() - from, most);
                List<Integer> some = List.copyOf(places.subList(from, Math.min(places.size(), from + size)));
                batches.add(new Batch<>(
                        framing, size, some, some.stream().map(frames::get).toList()));
                from += size;
            }
        });
        return batches;
    }

    /** The largest of those allowed that so many pictures fill at least half. */
    private static int size(int pictures, int most) {
        int chosen = 1;
        for (int size : SIZES) {
            if (2 * pictures >= size && size <= most) {
                chosen = size;
            }
        }
        return chosen;
    }

    /** One a frame, all the same. */
    public List<F> framings() {
        return Collections.nCopies(frames.size(), framing);
    }
}
