package sightline.pipeline.infer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import sightline.config.domain.Detections;
import sightline.config.domain.Frame;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.weights.Safetensors;
import sightline.operators.depict.PerceptionReader;
import sightline.operators.efficientvit.BoxDecoder;
import sightline.operators.efficientvit.Detector;
import sightline.operators.efficientvit.Variant;
import sightline.operators.perception.Look;
import sightline.operators.perception.Perceiver;
import sightline.pipeline.declared.DetectorChoice;

/** The detector whose weights are in the project, unless a choice names others. */
public final class ShippedDetector {
    private static final String WEIGHTS = "/sightline/models/efficientvit-det-b0.safetensors";
    private static final int READ_SIDE = 416;
    private static final double READ_SCORE = 0.1;
    private static final double OVERLAP = 0.6;
    private static final int MOST = 100;

    private ShippedDetector() {}

    /** Whether its weights are in the project. */
    public static boolean available() {
        return ShippedDetector.class.getResource(WEIGHTS) != null;
    }

    /**
     * The shipped detector.
     *
     * @param side of its input, pixels
     * @param threads of one run
     */
    public static Perceiver<Detections> open(int side, int threads) {
        return open(side, threads, DetectorChoice.SHIPPED.score());
    }

    /**
     * The shipped detector at another sensitivity.
     *
     * @param side of its input, pixels
     * @param threads of one run
     * @param leastScore below which boxes are dropped
     */
    public static Perceiver<Detections> open(int side, int threads, double leastScore) {
        return open(new DetectorChoice(DetectorChoice.SHIPPED.weights(), side, leastScore, threads));
    }

    /**
     * The eyes of the read-back gate, a thread wide: the same detector, but less easily pleased than on a stream, because the
     * gate has thresholds of its own. Nothing while no weights are shipped.
     */
    public static Optional<PerceptionReader> reader() {
        return available()
                ? Optional.of(new PerceptionReader(
                        open(new DetectorChoice(Optional.empty(), READ_SIDE, READ_SCORE, 1)), Optional.empty()))
                : Optional.empty();
    }

    /** A detector as it was chosen; closing it closes its weights. */
    public static Perceiver<Detections> open(DetectorChoice choice) {
        Safetensors weights = Safetensors.open(choice.weights().orElseGet(() -> unpack(WEIGHTS)));
        Detector detector = Repertoire.of(
                weights,
                w -> new Detector(
                        Processor.engine(),
                        Variant.B0,
                        w,
                        choice.side(),
                        new BoxDecoder(choice.score(), OVERLAP, MOST),
                        CompileOptions.DEFAULT.withThreads(choice.threads())));
        return new Perceiver<>() {
            @Override
            public Identity identity() {
                return detector.identity();
            }

            @Override
            public List<Detections> perceive(List<Frame> frames) {
                return detector.perceive(frames);
            }

            @Override
            public Look<Detections> begin(List<Frame> frames) {
                return detector.begin(frames);
            }

            @Override
            public void awaitTurn() {
                detector.awaitTurn();
            }

            @Override
            public int batch() {
                return detector.batch();
            }

            @Override
            public boolean decodes() {
                return detector.decodes();
            }

            @Override
            public void close() {
                detector.close();
                weights.close();
            }
        };
    }

    /** Engines map weights from files, and a resource may be inside an archive. */
    private static Path unpack(String resource) {
        try (InputStream in = ShippedDetector.class.getResourceAsStream(resource)) {
            Path file = Files.createTempFile("sightline-", ".safetensors");
            file.toFile().deleteOnExit();
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack " + resource, e);
        }
    }
}
