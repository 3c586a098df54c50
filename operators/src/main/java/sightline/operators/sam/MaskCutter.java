package sightline.operators.sam;

import java.util.List;
import java.util.stream.IntStream;
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
    /** The masks of each frame; the network has not looked at any yet. */
    private interface Way extends AutoCloseable {
        List<Masks> masks(List<Frame> frames);

        /** Of what looks at frames first. */
        int batch();

        boolean decodes();

        @Override
        void close();
    }

    private final SegmentAnything sam;
    private final Way way;

    private MaskCutter(SegmentAnything sam, Way way) {
        this.sam = sam;
        this.way = way;
    }

    /** One mask a detection, in their order. Things are found in the frames of a batch at once, and cut out one by one. */
    public static MaskCutter of(Perceiver<Detections> detector, SegmentAnything sam) {
        ThingCutter cutter = new ThingCutter(sam);
        return new MaskCutter(sam, new Way() {
            @Override
            public List<Masks> masks(List<Frame> frames) {
                List<Detections> found = detector.perceive(frames);
                return IntStream.range(0, frames.size())
                        .mapToObj(i -> cutter.look(frames.get(i), found.get(i).detections()))
                        .toList();
            }

            @Override
            public int batch() {
                return detector.batch();
            }

            @Override
            public boolean decodes() {
                return detector.decodes();
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
        return new MaskCutter(sam, new Way() {
            @Override
            public List<Masks> masks(List<Frame> frames) {
                return frames.stream().map(this::masks).toList();
            }

            private Masks masks(Frame frame) {
                sam.look(frame);
                return new Masks(frame.header(), rules.of(sam), sam.identity().digest());
            }

            @Override
            public int batch() {
                return 1;
            }

            @Override
            public boolean decodes() {
                return sam.decodes();
            }

            @Override
            public void close() {
                sam.close();
            }
        });
    }

    @Override
    public Identity identity() {
        return sam.identity();
    }

    @Override
    public int batch() {
        return way.batch();
    }

    @Override
    public boolean decodes() {
        return way.decodes() && sam.decodes();
    }

    @Override
    public List<Masks> perceive(List<Frame> frames) {
        return way.masks(frames);
    }

    @Override
    public void close() {
        way.close();
    }
}
