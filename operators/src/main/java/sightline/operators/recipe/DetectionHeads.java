package sightline.operators.recipe;

/** Names and strides of the detector's outputs, as its graph gives them. */
final class DetectionHeads {
    static final String IMAGE = "image";
    static final int[] STRIDES = {8, 16, 32};

    private DetectionHeads() {}

    static String logits(int stride) {
        return "logits" + stride;
    }

    static String distances(int stride) {
        return "distances" + stride;
    }
}
