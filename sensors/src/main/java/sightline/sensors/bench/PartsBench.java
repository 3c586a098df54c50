package sightline.sensors.bench;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sightline.config.contract.Codecs;
import sightline.config.contract.FrameHeaders;
import sightline.config.domain.Belief;
import sightline.config.domain.Detections;
import sightline.config.domain.Pixels;
import sightline.config.ledger.Disposition;
import sightline.config.ledger.Ledger;
import sightline.config.ledger.Ticket;
import sightline.config.time.StampGuard;
import sightline.config.time.StampRules;
import sightline.config.time.TimeSource;
import sightline.sensors.decode.JpegDecoder;
import sightline.sensors.decode.JpegEncoder;
import sightline.sensors.decode.JpegLimits;
import sightline.sensors.decode.PixelPool;
import sightline.sensors.scene.Plaza;
import sightline.sensors.scene.PlazaSettings;

/** {@code sightline bench parts}: ledger, clocks, codecs, and decoding with both decoders. Takes about a minute. */
public final class PartsBench {
    private static final double NANOS = 1;
    private static final double MILLIS = 1e6;
    private static final int QUALITY = 85;

    private final Bench bench;

    private PartsBench(Bench bench) {
        this.bench = bench;
    }

    /** Measures and prints. */
    public static void run(PrintStream out) {
        Bench bench = new Bench(out);
        PartsBench parts = new PartsBench(bench);
        bench.header("Ledger and clocks", "ns/op");
        parts.books();
        bench.header("Codecs", "ns/op");
        parts.codecs();
        for (int height : List.of(720, 1080)) {
            parts.decoding(height * 16 / 9, height);
        }
        bench.end();
    }

    private void books() {
        Ledger ledger = Ledger.create(TimeSource.system());
        bench.measure("open and close", NANOS, 200_000, i -> closed(ledger.open("c1", "plain")));
        bench.measure(
                "open with epoch and sequence, and close",
                NANOS,
                200_000,
                i -> closed(ledger.open("c1", "numbered", 1, i)));
        StampGuard guard = new StampGuard(StampRules.CAMERA);
        long start = TimeSource.system().nanos();
        bench.measure("stamp guard", NANOS, 500_000, i -> guard.accept(start + i * 1000L, start + i * 1000L)
                .nanos());
    }

    private static long closed(Ticket ticket) {
        return ticket.close(Disposition.DONE) ? 1 : 0;
    }

    private void codecs() {
        Detections detections = Specimens.detections(10);
        byte[] seen = Codecs.DETECTIONS.encode(detections);
        bench.measure("detections of 10: encode", NANOS, 20_000, i -> Codecs.DETECTIONS.encode(detections).length);
        bench.measure("detections of 10: decode (" + seen.length + " B)", NANOS, 20_000, i -> Codecs.DETECTIONS
                .decode(seen)
                .detections()
                .size());
        Belief belief = Specimens.belief(20);
        byte[] said = Codecs.BELIEF.encode(belief);
        bench.measure("belief of 20 tracks: encode", NANOS, 5_000, i -> Codecs.BELIEF.encode(belief).length);
        bench.measure("belief of 20 tracks: decode (" + said.length + " B)", NANOS, 5_000, i -> Codecs.BELIEF
                .decode(said)
                .tracks()
                .size());
        Map<String, String> headers = FrameHeaders.frame(detections.frame(), "image/jpeg");
        bench.measure("frame headers: write", NANOS, 20_000, i -> FrameHeaders.frame(detections.frame(), "image/jpeg")
                .size());
        bench.measure("frame headers: read", NANOS, 20_000, i -> FrameHeaders.read(
                        "c1", name -> Optional.ofNullable(headers.get(name)))
                .sequence());
    }

    /** A picture of the simulated plaza, since one without content would be decoded too easily. */
    private void decoding(int width, int height) {
        ByteBuffer jpeg = Plaza.of(PlazaSettings.of(7).withPicture(width, height, 10))
                .cameras()
                .getFirst()
                .frame(100, JpegEncoder.best(QUALITY))
                .payload();
        bench.header(
                "JPEG, " + width + "x" + height + ", quality " + QUALITY + ", " + jpeg.remaining() / 1024 + " KiB",
                "ms/op");
        try (JpegDecoder best = JpegDecoder.best(JpegLimits.DEFAULT);
                JpegDecoder other = JpegDecoder.imageIo(JpegLimits.DEFAULT);
                PixelPool pool = PixelPool.of(4L * width * height * 4)) {
            decode(best, jpeg, pool);
            if (!best.name().equals(other.name())) {
                decode(other, jpeg, pool);
            }
        }
    }

    private void decode(JpegDecoder decoder, ByteBuffer jpeg, PixelPool pool) {
        bench.measure("decode into pooled pixels: " + decoder.name(), MILLIS, 20, i -> {
            Pixels pixels = decoder.decode(jpeg, pool);
            try {
                return pixels.width();
            } finally {
                pixels.release();
            }
        });
    }
}
