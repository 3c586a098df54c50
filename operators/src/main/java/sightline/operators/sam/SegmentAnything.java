package sightline.operators.sam;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import sightline.config.domain.Frame;
import sightline.config.domain.Mask;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.graph.Shape;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Placement;
import sightline.kernels.vision.Resampling;
import sightline.kernels.weights.Weights;
import sightline.operators.perception.Digests;
import sightline.operators.perception.Networks;
import sightline.operators.perception.Perceiver.Identity;

/**
 * EfficientViT-SAM: looks at a picture once, then answers any number of prompts about it.
 *
 * <p>Pre-processing as in the official code: the longer side becomes the input's with an antialiased bilinear kernel, the
 * rest is padded with the mean colour; prompts are scaled to the frame of 1024 pixels whatever the input is.
 *
 * <p>Threading: one thread at a time. Ownership: the frame stays the caller's and isn't kept; the weights must outlive
 * this. Failure: an exception concerns one call; asking before looking is an {@link IllegalStateException}.
 */
public final class SegmentAnything implements AutoCloseable {
    /** Logits above it belong to the thing. */
    static final double THRESHOLD = 0;

    private static final double STABILITY_OFFSET = 1;
    private static final int OFFICIAL_GRID = 64;
    private static final String ENCODER = "image_encoder.";

    private final int side;
    private final int grid;
    private final Networks encoder;
    private final Decoders decoders;
    private final Identity identity;
    private Optional<PromptFrame> frame = Optional.empty();
    private Stencil stencil;

    public SegmentAnything(Engine engine, Sam sam, Weights weights, CompileOptions options) {
        this(engine, sam, weights, options, sam.input(), OFFICIAL_GRID);
    }

    /** Smaller than official, for tests. */
    SegmentAnything(Engine engine, Sam sam, Weights weights, CompileOptions options, int side, int grid) {
        this.side = side;
        this.grid = grid;
        Weights seeing = part(weights, name -> name.startsWith(ENCODER));
        Weights cutting = part(weights, name -> !name.startsWith(ENCODER));
        this.encoder = new Networks(
                engine,
                image -> ImageEncoder.graph(sam, image, grid),
                seeing,
                options,
                new Networks.Recipe(Resampling.TRIANGLE, Normalisation.IMAGENET));
        this.decoders = new Decoders(engine, sam, grid, cutting, options);
        String digest = Digests.of(ImageEncoder.graph(sam, Shape.of(1, 3, side, side), grid), weights);
        this.identity = new Identity("efficientvit-sam-" + sam.name().toLowerCase(Locale.ROOT), digest, engine.name());
    }

    private static Weights part(Weights weights, Predicate<String> wanted) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        weights.names().stream()
                .filter(wanted)
                .forEach(name -> tensors.put(name, weights.find(name).orElseThrow()));
        return Weights.of(tensors);
    }

    public Identity identity() {
        return identity;
    }

    /** Whether pictures need not be decoded yet: see {@link sightline.operators.perception.Perceiver#decodes}. */
    public boolean decodes() {
        return encoder.decodes();
    }

    /** Encodes the picture that the next prompts are about: the expensive step. */
    public void look(Frame picture) {
        PromptFrame seen =
                new PromptFrame(picture.pixels().width(), picture.pixels().height());
        Placement placement = seen.placement(side);
        decoders.embedding(encoder.bucket(1, side, side)
                .run(List.of(picture), List.of(placement))
                .get("embedding"));
        if (!frame.equals(Optional.of(seen))) {
            stencil = new Stencil(seen, 4 * grid);
            frame = Optional.of(seen);
        }
    }

    /**
     * The decoder's four answers to each prompt: first the one for an unambiguous prompt such as a box or several points,
     * then whole, part and subpart for an ambiguous one.
     */
    public List<List<Answer>> answer(List<Prompt> prompts) {
        return decoders.answer(prompts, looked());
    }

    /** One mask a prompt, in pixels of the original picture: the unambiguous answer. */
    public List<Mask> cut(List<Prompt> prompts) {
        return answer(prompts).stream().map(four -> mask(four.getFirst())).toList();
    }

    /** An answer in pixels of the original picture. */
    public Mask mask(Answer answer) {
        looked();
        return stencil.cut(answer, THRESHOLD, STABILITY_OFFSET);
    }

    /** Size of the picture looked at. */
    PromptFrame looked() {
        return frame.orElseThrow(() -> new IllegalStateException("no picture has been looked at yet"));
    }

    @Override
    public void close() {
        encoder.close();
        decoders.close();
    }
}
