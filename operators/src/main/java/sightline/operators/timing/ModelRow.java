package sightline.operators.timing;

import java.util.Locale;

/**
 * What one network takes, medians in milliseconds.
 *
 * @param threads of the engine
 * @param whole a frame, pre- and post-processing included
 * @param network our session within that frame
 * @param bare a bare ONNX Runtime session on the exported file with as many threads, the better of spinning and not
 * @param start of our session
 */
record ModelRow(String model, String weights, int threads, double whole, double network, double bare, double start) {
    static String head() {
        return "%-30s %-8s %7s %9s %9s %9s %9s %9s %9s %9s"
                .formatted(
                        "model",
                        "weights",
                        "threads",
                        "frame ms",
                        "net ms",
                        "outside",
                        "bare ms",
                        "net/bare",
                        "all/bare",
                        "start ms");
    }

    /** What is spent outside the network, as a share of the network. */
    double outside() {
        return (whole - network) / network;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%-30s %-8s %7d %9.2f %9.2f %8.1f%% %9.2f %9.3f %9.3f %9.0f",
                model,
                weights,
                threads,
                whole,
                network,
                100 * outside(),
                bare,
                network / bare,
                whole / bare,
                start);
    }
}
