package sightline.operators.sam;

import java.util.List;
import sightline.config.domain.Detections;
import sightline.config.domain.Frame;
import sightline.config.domain.Masks;
import sightline.operators.perception.Perceiver;

/**
 * Masks of frames alone: of the things that a detector finds, or of everything.
 *
 * <p>Ownership: closes both networks.
 */
public final class MaskCutter implements Perceiver<Masks> {
    /** The masks of one frame; the network has not looked at it yet. */
    private interface Way extends AutoCloseable {
        Masks masks(Frame frame);

        @Override
        void close();
    }

    private final Identity identity;
    private final Way way;

    private MaskCutter(Identity identity, Way way) {
        this.identity = identity;
        this.way = way;
    }

    /** One mask a detection, in their order. */
    public static MaskCutter of(Perceiver<Detections> detector, SegmentAnything sam) {
        ThingCutter cutter = new ThingCutter(sam);
        return new MaskCutter(cutter.identity(), new Way() {
            @Override
            public Masks masks(Frame frame) {
                return cutter.look(
                        frame, detector.perceive(List.of(frame)).getFirst().detections());
            }

            @Override
            public void close() {
                detector.close();
                cutter.close();
            }
        });
    }

    /** Whatever can be told apart. */
    public static MaskCutter ofEverything(AutomaticMasks rules, SegmentAnything sam) {
        return new MaskCutter(sam.identity(), new Way() {
            @Override
            public Masks masks(Frame frame) {
                sam.look(frame);
                return new Masks(frame.header(), rules.of(sam), sam.identity().digest());
            }

            @Override
            public void close() {
                sam.close();
            }
        });
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public List<Masks> perceive(List<Frame> frames) {
        return frames.stream().map(way::masks).toList();
    }

    @Override
    public void close() {
        way.close();
    }
}
