package sightline.operators.timing;

import java.util.Locale;

/**
 * What one network takes, medians in milliseconds. Ratios to the bare session are given of the medians, and of the fastest
 * runs, which other work on the machine cannot distort.
 *
 * @param threads of the engine, and of the pre-processing
 * @param spinning whether the engine's threads wait busily
 * @param whole a frame, pre- and post-processing included
 * @param within the network within that frame
 * @param network our session alone, on the same input
 * @param bare a bare ONNX Runtime session on the exported file, with the same setting
 * @param fastestRatio of network to bare
 * @param fastestWholeRatio of whole to bare
 * @param start of our session
 */
record ModelRow(
        String model,
        String weights,
        int threads,
        boolean spinning,
        double whole,
        double within,
        double network,
        double bare,
        double fastestRatio,
        double fastestWholeRatio,
        double start) {
    static String head() {
        return "%-30s %-8s %9s %9s %9s %9s %9s %9s %9s %9s %9s %9s"
                .formatted(
                        "model",
                        "weights",
                        "threads",
                        "frame ms",
                        "outside",
                        "net ms",
                        "bare ms",
                        "net/bare",
                        "all/bare",
                        "fastest",
                        "fastest",
                        "start ms");
    }

    /** What is spent outside the network, as a share of the network. */
    double outside() {
        return (whole - within) / within;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%-30s %-8s %9s %9.2f %8.1f%% %9.2f %9.2f %9.3f %9.3f %9.3f %9.3f %9.0f",
                model,
                weights,
                threads + (spinning ? " spin" : ""),
                whole,
                100 * outside(),
                network,
                bare,
                network / bare,
                whole / bare,
                fastestRatio,
                fastestWholeRatio,
                start);
    }
}
