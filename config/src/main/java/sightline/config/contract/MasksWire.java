package sightline.config.contract;

import java.util.Optional;
import sightline.config.domain.Detection;
import sightline.config.domain.Mask;
import sightline.config.domain.Masks;

/** {@code instance.camera.v1}. */
final class MasksWire {
    /** Pixels of one mask; what is larger is refused before memory is taken for it. */
    private static final int MAX_PIXELS = 1 << 26;

    private MasksWire() {}

    static sightline.config.wire.Masks write(Masks masks) {
        var out = sightline.config.wire.Masks.newBuilder()
                .setFrame(FrameWire.write(masks.frame()))
                .setModel(masks.model());
        masks.masks().forEach(mask -> out.addMasks(write(mask)));
        return out.build();
    }

    private static sightline.config.wire.Mask write(Mask mask) {
        var out = sightline.config.wire.Mask.newBuilder()
                .setQuality(mask.quality())
                .setStability(mask.stability())
                .setXPx(mask.x())
                .setYPx(mask.y())
                .setWidthPx(mask.width())
                .setHeightPx(mask.height())
                .setRuns(BitRuns.encode(mask.pixels(), mask.width() * mask.height()));
        mask.thing().ifPresent(thing -> out.setThing(DetectionsWire.write(thing)));
        return out.build();
    }

    static Masks read(sightline.config.wire.Masks in) {
        return new Masks(
                FrameWire.read(in.hasFrame(), in.getFrame()),
                in.getMasksList().stream().map(MasksWire::read).toList(),
                in.getModel());
    }

    private static Mask read(sightline.config.wire.Mask in) {
        long pixels = (long) in.getWidthPx() * in.getHeightPx();
        if (in.getWidthPx() < 0 || in.getHeightPx() < 0 || pixels > MAX_PIXELS) {
            throw new IllegalArgumentException("a mask of " + in.getWidthPx() + "x" + in.getHeightPx()
                    + ", the most is " + MAX_PIXELS + " pixels");
        }
        Optional<Detection> thing = in.hasThing() ? Optional.of(DetectionsWire.read(in.getThing())) : Optional.empty();
        return new Mask(
                thing,
                in.getQuality(),
                in.getStability(),
                in.getXPx(),
                in.getYPx(),
                in.getWidthPx(),
                in.getHeightPx(),
                BitRuns.decode(in.getRuns(), (int) pixels));
    }
}
