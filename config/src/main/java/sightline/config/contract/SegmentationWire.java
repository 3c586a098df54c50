package sightline.config.contract;

import sightline.config.domain.Segmentation;

/** {@code mask.camera.v1}. */
final class SegmentationWire {

    /** Labels in a map; what is larger is refused before memory is taken for it. */
    private static final int MAX_LABELS = 1 << 25;

    private SegmentationWire() {}

    static sightline.config.wire.Segmentation write(Segmentation segmentation) {
        var out = sightline.config.wire.Segmentation.newBuilder()
                .setFrame(FrameWire.write(segmentation.frame()))
                .setWidth(segmentation.width())
                .setHeight(segmentation.height())
                .setLabelsRle(RunLengths.encode(segmentation.labels()))
                .addAllClasses(segmentation.classes())
                .setModel(segmentation.model());
        segmentation.instances().forEach(instance -> out.addInstances(DetectionsWire.write(instance)));
        return out.build();
    }

    static Segmentation read(sightline.config.wire.Segmentation in) {
        long labels = (long) in.getWidth() * in.getHeight();
        if (in.getWidth() < 0 || in.getHeight() < 0 || labels > MAX_LABELS) {
            throw new IllegalArgumentException(
                    "a label map of " + in.getWidth() + "x" + in.getHeight() + ", the most is " + MAX_LABELS);
        }
        return new Segmentation(
                FrameWire.read(in.hasFrame(), in.getFrame()),
                in.getWidth(),
                in.getHeight(),
                RunLengths.decode(in.getLabelsRle(), (int) labels),
                in.getClassesList(),
                in.getInstancesList().stream().map(DetectionsWire::read).toList(),
                in.getModel());
    }
}
