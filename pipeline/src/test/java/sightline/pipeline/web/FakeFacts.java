package sightline.pipeline.web;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sightline.config.ledger.LedgerRow;
import sightline.pipeline.metrics.Lag;
import sightline.pipeline.metrics.MemoryLine;
import sightline.pipeline.metrics.StageLatency;
import sightline.pipeline.web.SystemFacts.Model;

/** Figures that a pipeline would keep; frames are really counted, the rest stands still. */
final class FakeFacts {
    private static final double[] UPPER = {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1};

    private final Map<String, long[]> frames = new TreeMap<>();

    synchronized void frame(String camera, boolean superseded) {
        long[] counts = frames.computeIfAbsent(camera, c -> new long[2]);
        counts[0]++;
        counts[1] += superseded ? 1 : 0;
    }

    synchronized SystemFacts now() {
        List<LedgerRow> ledger = frames.entrySet().stream()
                .map(e -> new LedgerRow(
                        e.getKey(),
                        "perception",
                        e.getValue()[0],
                        0,
                        e.getValue()[0] - e.getValue()[1],
                        e.getValue()[1],
                        0,
                        0,
                        0,
                        0,
                        0,
                        0))
                .toList();
        return new SystemFacts(
                ledger,
                List.of(
                        new StageLatency(
                                "decode", UPPER, new long[] {10, 220, 640, 110, 20, 2, 0, 0, 0, 0, 0}, 0.003, 0.018),
                        new StageLatency(
                                "detect", UPPER, new long[] {0, 0, 0, 30, 420, 510, 40, 0, 0, 0, 0}, 0.021, 0.058),
                        new StageLatency(
                                "fuse", UPPER, new long[] {300, 500, 190, 10, 0, 0, 0, 0, 0, 0, 0}, 0.0013, 0.006),
                        new StageLatency(
                                "exposure-to-fused",
                                UPPER,
                                new long[] {0, 0, 0, 0, 0, 60, 520, 400, 20, 0, 0},
                                0.096,
                                0.21)),
                List.of(
                        new Lag("frame.camera.v1", "perception", 0.04, 2),
                        new Lag("belief.node.v1", "node-west", 0.11, 3),
                        new Lag("track.fused.v1", "dashboard", 0.02, 0)),
                List.of(
                        new MemoryLine("pixel pool", "direct", 41L << 20, 64L << 20),
                        new MemoryLine("network arena", "native", 180L << 20, 256L << 20),
                        MemoryLine.atMost("reader fusion", "heap", 145L << 20),
                        new MemoryLine("Java heap", "heap", 320L << 20, 1024L << 20)),
                List.of(new Model(
                        "detector",
                        "none",
                        "simulated",
                        "simulator",
                        "no network: boxes come from the scene simulator")),
                List.of("Detections are simulated: no network looks at the pictures."));
    }
}
