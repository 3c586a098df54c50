package sightline.operators.depict;

import java.awt.image.BufferedImage;
import reactor.core.publisher.Flux;
import sightline.config.domain.Brief;
import sightline.operators.canvas.RasterCanvas;
import sightline.operators.canvas.SvgCanvas;

/**
 * The depictor that cannot lie: a drawing computed from the brief alone, with the uncertainty of each position drawn on
 * the ground. It ignores the seed, because nothing in it is random, and it needs no read-back: there is no model between
 * brief and picture, only the projection that tests hold.
 */
public final class SchematicDepictor implements Depictor {
    public static final String NAME = "schematic";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String engine() {
        return "schematic/" + Brief.VERSION;
    }

    @Override
    public boolean modelled() {
        return false;
    }

    @Override
    public Flux<Depiction> depict(Brief brief, Sitting sitting) {
        return Flux.defer(() -> Flux.just(new Depiction(image(brief, sitting.width(), sitting.height()), 1)));
    }

    /** The drawing as an image. */
    public static BufferedImage image(Brief brief, int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        try (RasterCanvas canvas = new RasterCanvas(image)) {
            new Schematic(brief, new Eye(brief.viewpoint(), width, height), canvas).draw(width, height);
        }
        return image;
    }

    /** The drawing as SVG, marked in its title and in the drawing. */
    public static String svg(Brief brief, int width, int height) {
        SvgCanvas canvas = new SvgCanvas(width, height, "Synthetic depiction. " + BriefText.of(brief));
        new Schematic(brief, new Eye(brief.viewpoint(), width, height), canvas).draw(width, height);
        Marking.strip(canvas, width, height, brief, "");
        return canvas.finish();
    }
}
