package sightline.operators.depict;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import reactor.core.publisher.Flux;
import sightline.config.domain.Brief;

/**
 * Draws a brief with the simulator's painters: plain figures in daylight on plain paving, those involved in orange, the
 * zones as paint on the ground. Nothing is there that the brief does not have: no house, no tree, no face.
 *
 * <p>It looks real enough for our own detector to read it back, and so it is held to that: what it draws passes the gate
 * or is not shown. Sharpens in three steps of a quarter, a half and the full size.
 */
public final class SceneDepictor implements Depictor {
    public static final String NAME = "scene";

    private static final int[] STEPS = {4, 2, 1};

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String engine() {
        return "scene/" + Brief.VERSION;
    }

    @Override
    public boolean trained() {
        return false;
    }

    @Override
    public Flux<Depiction> depict(Brief brief, Sitting sitting) {
        return Flux.range(0, STEPS.length).map(step -> {
            int width = Math.max(BriefScene.SMALLEST, sitting.width() / STEPS[step]);
            int height = Math.max(BriefScene.SMALLEST, sitting.height() / STEPS[step]);
            byte[] rgb = BriefScene.of(brief, width, height).rgb(sitting.seed());
            return new Depiction(image(rgb, width, height), (step + 1.0) / STEPS.length);
        });
    }

    private static BufferedImage image(byte[] rgb, int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        byte[] bgr = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        for (int i = 0; i < rgb.length; i += 3) {
            bgr[i] = rgb[i + 2];
            bgr[i + 1] = rgb[i + 1];
            bgr[i + 2] = rgb[i];
        }
        return image;
    }
}
