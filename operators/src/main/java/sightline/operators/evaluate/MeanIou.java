package sightline.operators.evaluate;

/**
 * Mean intersection over union of per-pixel classes, from summed counts over all pictures, and the share of pixels that
 * agree. A truth outside 0..classes-1 is ignored.
 */
public final class MeanIou {
    private final long[][] confusion;

    public MeanIou(int classes) {
        confusion = new long[classes][classes];
    }

    /** Adds a picture's pixels. */
    public void add(int[] claimed, int[] truth) {
        for (int i = 0; i < truth.length; i++) {
            if (truth[i] >= 0 && truth[i] < confusion.length) {
                confusion[truth[i]][claimed[i]]++;
            }
        }
    }

    /** Of one class; NaN where it neither occurs nor is claimed. */
    public double iou(int label) {
        long both = confusion[label][label];
        long truth = 0;
        long claimed = 0;
        for (int j = 0; j < confusion.length; j++) {
            truth += confusion[label][j];
            claimed += confusion[j][label];
        }
        long union = truth + claimed - both;
        return union == 0 ? Double.NaN : (double) both / union;
    }

    /** Over the classes that occur or are claimed. */
    public double mean() {
        return java.util.stream.IntStream.range(0, confusion.length)
                .mapToDouble(this::iou)
                .filter(x -> !Double.isNaN(x))
                .average()
                .orElse(Double.NaN);
    }

    /** Share of pixels whose claim is the truth. */
    public double agreement() {
        long same = 0;
        long all = 0;
        for (int i = 0; i < confusion.length; i++) {
            for (int j = 0; j < confusion.length; j++) {
                all += confusion[i][j];
                same += i == j ? confusion[i][j] : 0;
            }
        }
        return all == 0 ? Double.NaN : (double) same / all;
    }
}
