package sightline.operators.efficientvit;

import java.util.List;
import sightline.config.domain.Detection;
import sightline.config.domain.Detections;
import sightline.config.domain.Frame;
import sightline.config.domain.Pixels;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.graph.Shape;
import sightline.kernels.vision.Placement;
import sightline.kernels.weights.Weights;
import sightline.operators.perception.Digests;
import sightline.operators.perception.Look;
import sightline.operators.perception.Networks;
import sightline.operators.perception.Perceiver;

/**
 * EfficientViT-Det on frames. The longer side of a picture becomes {@code side} pixels, the other keeps the shape and is
 * padded to a multiple of 32, so that a wide picture costs no more than it has pixels.
 */
public final class Detector implements Perceiver<Detections> {
    private static final int GRANULE = 32;

    private final Networks networks;
    private final Identity identity;
    private final int side;
    private final BoxDecoder decoder;

    /**
     * @param side of the input, pixels, a multiple of 32
     * @param weights must outlive this
     */
    public Detector(
            Engine engine, Variant variant, Weights weights, int side, BoxDecoder decoder, CompileOptions options) {
        if (side < GRANULE || side % GRANULE != 0) {
            throw new IllegalArgumentException("a detector's side is a multiple of 32, not " + side);
        }
        this.side = side;
        this.decoder = decoder;
        this.networks = new Networks(
                engine,
                image -> EfficientVit.detector(variant, image, decoder),
                weights,
                options,
                Networks.Recipe.DEFAULT);
        String digest = Digests.of(EfficientVit.detection(variant, Shape.of(1, 3, side, side)), weights);
        this.identity = new Identity("efficientvit-det-" + variant.label(), digest, engine.name());
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public int batch() {
        return networks.batch();
    }

    @Override
    public boolean decodes() {
        return networks.decodes();
    }

    @Override
    public List<Detections> perceive(List<Frame> frames) {
        Detections[] all = new Detections[frames.size()];
        networks.run(frames, this::place, reading(frames, all));
        return List.of(all);
    }

    @Override
    public Look<Detections> begin(List<Frame> frames) {
        Detections[] all = new Detections[frames.size()];
        Networks.UnderWay underWay = networks.begin(frames, this::place, reading(frames, all));
        return new Look<>() {
            @Override
            public List<Detections> results() {
                underWay.finish();
                return List.of(all);
            }

            @Override
            public void close() {
                underWay.close();
            }
        };
    }

    @Override
    public void awaitTurn() {
        networks.awaitTurn();
    }

    private Networks.Answer<Placement> reading(List<Frame> frames, Detections[] all) {
        return (i, placement, out, slot) -> {
            List<Detection> found = decoder.decode(out.get(EfficientVit.BOXES), slot, placement);
            all[i] = new Detections(frames.get(i).header(), found, identity.digest());
        };
    }

    private Placement place(Pixels pixels) {
        return place(pixels.width(), pixels.height());
    }

    /** Where a picture of that size lies in the input. */
    Placement place(int width, int height) {
        double scale = (double) side / Math.max(width, height);
        int w = Math.clamp(Math.round(width * scale), 1, side);
        int h = Math.clamp(Math.round(height * scale), 1, side);
        return new Placement(width, height, w, h, up(w), up(h));
    }

    private static int up(int length) {
        return (length + GRANULE - 1) / GRANULE * GRANULE;
    }

    @Override
    public void close() {
        networks.close();
    }
}
