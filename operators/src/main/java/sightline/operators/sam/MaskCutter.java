package sightline.operators.sam;

import java.util.ArrayList;
import java.util.List;
import sightline.config.domain.Detection;
import sightline.config.domain.Detections;
import sightline.config.domain.Frame;
import sightline.config.domain.Mask;
import sightline.config.domain.Masks;
import sightline.operators.perception.Perceiver;

/**
 * Masks of frames: of the things that a detector finds, with its boxes as prompts, or of everything. The picture is
 * encoded once whatever the number of things, and not at all where there are none.
 *
 * <p>Ownership: closes both networks.
 */
public final class MaskCutter implements Perceiver<Masks> {
    /** The masks of one frame; the network has not looked at it yet. */
    private interface Way extends AutoCloseable {
        List<Mask> masks(Frame frame);

        @Override
        default void close() {}
    }

    private final SegmentAnything sam;
    private final Way way;

    private MaskCutter(SegmentAnything sam, Way way) {
        this.sam = sam;
        this.way = way;
    }

    /** One mask a detection, in their order. */
    public static MaskCutter of(Perceiver<Detections> detector, SegmentAnything sam) {
        return new MaskCutter(sam, new Way() {
            @Override
            public List<Mask> masks(Frame frame) {
                return things(detector.perceive(List.of(frame)).getFirst().detections(), frame, sam);
            }

            @Override
            public void close() {
                detector.close();
            }
        });
    }

    /** Whatever can be told apart. */
    public static MaskCutter ofEverything(AutomaticMasks rules, SegmentAnything sam) {
        return new MaskCutter(sam, frame -> {
            sam.look(frame);
            return rules.of(sam);
        });
    }

    private static List<Mask> things(List<Detection> detections, Frame frame, SegmentAnything sam) {
        if (detections.isEmpty()) {
            return List.of();
        }
        sam.look(frame);
        List<Mask> masks =
                sam.cut(detections.stream().map(d -> Prompt.around(d.box())).toList());
        List<Mask> named = new ArrayList<>(masks.size());
        for (int i = 0; i < masks.size(); i++) {
            named.add(masks.get(i).of(detections.get(i)));
        }
        return named;
    }

    @Override
    public Identity identity() {
        return sam.identity();
    }

    @Override
    public List<Masks> perceive(List<Frame> frames) {
        return frames.stream()
                .map(frame ->
                        new Masks(frame.header(), way.masks(frame), identity().digest()))
                .toList();
    }

    @Override
    public void close() {
        way.close();
        sam.close();
    }
}
