package sightline.operators.depict;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import reactor.core.publisher.Flux;
import sightline.config.domain.Brief;

/**
 * Before, at and after: schematics of a short time around the event, everybody moving along their heading at their speed.
 * What is known is the moment of the event; the frames around it say that they are assumed.
 */
public final class SequenceDepictor implements Depictor {
    public static final String NAME = "sequence";

    private static final double SECONDS = 1.5;
    private static final int FRAMES = 13;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String engine() {
        return "sequence/" + Brief.VERSION;
    }

    @Override
    public boolean modelled() {
        return false;
    }

    @Override
    public Flux<Depiction> depict(Brief brief, Sitting sitting) {
        return Flux.defer(() -> {
            List<BufferedImage> frames = new ArrayList<>(FRAMES);
            List<String> captions = new ArrayList<>(FRAMES);
            for (int i = 0; i < FRAMES; i++) {
                double seconds = -SECONDS + 2 * SECONDS * i / (FRAMES - 1);
                frames.add(SchematicDepictor.image(Motion.at(brief, seconds), sitting.width(), sitting.height()));
                captions.add(caption(seconds));
            }
            return Flux.just(new Depiction(frames, captions, 1));
        });
    }

    private static String caption(double seconds) {
        if (Math.abs(seconds) < 1e-9) {
            return "at the event";
        }
        return String.format(Locale.ROOT, "%.2f s %s, assumed", Math.abs(seconds), seconds < 0 ? "before" : "after");
    }
}
