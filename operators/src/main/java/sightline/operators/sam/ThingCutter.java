package sightline.operators.sam;

import java.util.ArrayList;
import java.util.List;
import sightline.config.domain.Detection;
import sightline.config.domain.Frame;
import sightline.config.domain.Mask;
import sightline.config.domain.Masks;
import sightline.operators.perception.CloserLook;
import sightline.operators.perception.Perceiver.Identity;

/**
 * The mask of each thing that was found, with its box as the prompt, in the order of the things. The picture is encoded
 * once whatever their number, and not at all where there are none.
 *
 * <p>Ownership: closes the network.
 */
public final class ThingCutter implements CloserLook<Masks> {
    private final SegmentAnything sam;

    public ThingCutter(SegmentAnything sam) {
        this.sam = sam;
    }

    @Override
    public Identity identity() {
        return sam.identity();
    }

    @Override
    public Masks look(Frame frame, List<Detection> found) {
        return new Masks(frame.header(), masks(frame, found), identity().digest());
    }

    private List<Mask> masks(Frame frame, List<Detection> found) {
        if (found.isEmpty()) {
            return List.of();
        }
        sam.look(frame);
        List<Mask> masks =
                sam.cut(found.stream().map(d -> Prompt.around(d.box())).toList());
        List<Mask> named = new ArrayList<>(masks.size());
        for (int i = 0; i < masks.size(); i++) {
            named.add(masks.get(i).of(found.get(i)));
        }
        return named;
    }

    @Override
    public void close() {
        sam.close();
    }
}
