package sightline.kernels.cuda;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import sightline.config.domain.Pixels;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Placement;
import sightline.kernels.vision.Resampling;
import sightline.kernels.vision.TestPicture;

/**
 * Compressed pixels of one size for a {@link FakeNvJpeg}; they count how often they are decoded by their owner.
 */
final class Compressed implements Pixels {
    static final Placement FRAMING = Placement.fit(53, 31, 24, 20);

    private final TestPicture picture;
    private final ByteBuffer file;
    private final AtomicInteger decoded = new AtomicInteger();
    private boolean broken;

    Compressed(long seed) {
        byte[] red = new byte[width() * height()];
        new SplittableRandom(seed).nextBytes(red);
        byte[] rgb = new byte[3 * red.length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (red[i / 3] * (i % 3 + 1));
        }
        picture = new TestPicture(width(), height(), MemorySegment.ofArray(rgb));
        file = ByteBuffer.allocate(6 + red.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put((byte) 'J').put((byte) 'P').putShort((short) width()).putShort((short) height());
        file.put(red);
        file.flip();
    }

    /** Gives what it sees twice. */
    static Graph doubling() {
        GraphBuilder g = GraphBuilder.named("doubling");
        Value x = g.input("x", Shape.of(4, 3, FRAMING.inputHeight(), FRAMING.inputWidth()));
        g.output("y", g.add(x, x));
        return g.build();
    }

    /** What a session gives for pictures. */
    static float[] run(Session session, List<? extends Pixels> pictures) {
        return session.runPictures(
                        pictures.stream().map(Pixels.class::cast).toList(),
                        FRAMING,
                        Resampling.LINEAR,
                        Normalisation.IMAGENET)
                .orElseThrow()
                .get("y")
                .toFloats();
    }

    /** What the same pictures give where they are decoded before. */
    static float[] wanted(Session session, List<Compressed> pictures) {
        return run(session, pictures.stream().map(Compressed::picture).toList());
    }

    /** The same decoded. */
    Pixels picture() {
        return picture;
    }

    int decoded() {
        return decoded.get();
    }

    Compressed cutShort() {
        file.limit(file.limit() / 2);
        return this;
    }

    Compressed broken() {
        broken = true;
        return cutShort();
    }

    @Override
    public int width() {
        return FRAMING.sourceWidth();
    }

    @Override
    public int height() {
        return FRAMING.sourceHeight();
    }

    @Override
    public int stride() {
        return 3 * width();
    }

    @Override
    public MemorySegment data() {
        decoded.incrementAndGet();
        if (broken) {
            throw new IllegalStateException("broken for everybody");
        }
        return picture.data();
    }

    @Override
    public Optional<ByteBuffer> compressed() {
        return Optional.of(file.duplicate());
    }

    @Override
    public Pixels retain() {
        return this;
    }

    @Override
    public void release() {}
}
