package sightline.pipeline.topology;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sightline.config.domain.Detections;
import sightline.kernels.cuda.SteadyEngine;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.weights.Safetensors;
import sightline.kernels.weights.Weights;
import sightline.operators.depict.PerceptionReader;
import sightline.operators.efficientvit.BoxDecoder;
import sightline.operators.efficientvit.Detector;
import sightline.operators.efficientvit.Variant;
import sightline.operators.perception.Perceiver;
import sightline.operators.perception.Perceiver.Identity;
import sightline.operators.sam.ThingCutter;
import sightline.pipeline.declared.DetectorChoice;
import sightline.pipeline.declared.NetworkChoice;
import sightline.pipeline.declared.NetworkChoices;
import sightline.pipeline.infer.Repertoire;
import sightline.pipeline.infer.Repertoire.Task;
import sightline.pipeline.web.SystemFacts;

/**
 * The networks of perception: those whose weights are in the project, unless others are chosen. They run on the first GPU
 * if there is one, else on the CPU; the log says which, and why.
 */
public final class ShippedNetworks {
    private static final Logger LOG = LoggerFactory.getLogger(ShippedNetworks.class);
    private static final String DETECTOR = "/sightline/models/efficientvit-det-b0.safetensors";
    private static final int READ_SIDE = 416;
    private static final double READ_SCORE = 0.1;
    private static final double OVERLAP = 0.6;
    private static final int MOST = 100;
    private static final double POSE_SCORE = 0.3;

    /** Made when the first network is, and kept: a GPU is opened once a process. */
    private static final class Processor {
        static final Engine ENGINE = SteadyEngine.open(new OnnxEngine(), LOG::info);
    }

    private ShippedNetworks() {}

    /** Whether the detector's weights are in the project. */
    public static boolean available() {
        return ShippedNetworks.class.getResource(DETECTOR) != null;
    }

    /** What is chosen, or nothing if that is what is shipped and nothing is. */
    static Optional<PerceptionStage.Networks> load(NetworkChoices choices) {
        if (!available() && choices.detector().weights().isEmpty()) {
            return Optional.empty();
        }
        CompileOptions options =
                CompileOptions.DEFAULT.withThreads(choices.detector().threads());
        choices.poses().ifPresent(c -> Task.POSES.require(c.model(), c.weights()));
        choices.segmentation().ifPresent(c -> Task.SEGMENTATION.require(c.model(), c.weights()));
        choices.masks().ifPresent(c -> Task.MASKS.require(c.model(), c.weights()));
        Engine engine = Processor.ENGINE;
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            SwappableDetector detector =
                    kept(new SwappableDetector(detector(choices.detector()), DetectorTrial.Terms.DEFAULT), opened);
            List<Weights> weights = new ArrayList<>();
            Function<NetworkChoice, Weights> open = c -> {
                weights.add(kept(Repertoire.weights(c.model(), c.weights()), opened));
                return weights.getLast();
            };
            return Optional.of(new PerceptionStage.Networks(
                    detector,
                    choices.poses()
                            .map(c -> kept(
                                    Repertoire.poser(engine, c.model(), open.apply(c), POSE_SCORE, options), opened)),
                    choices.segmentation()
                            .map(c -> kept(Repertoire.segmenter(engine, c.model(), open.apply(c), options), opened)),
                    choices.masks()
                            .map(c -> Repertoire.anything(engine, c.model(), open.apply(c), options))
                            .map(ThingCutter::new),
                    weights));
        } catch (RuntimeException e) {
            closeAll(opened, e);
            throw e;
        }
    }

    private static <T extends AutoCloseable> T kept(T resource, Deque<AutoCloseable> opened) {
        opened.push(resource);
        return resource;
    }

    /** What was made before something failed, the newest first. */
    private static void closeAll(Deque<AutoCloseable> opened, RuntimeException cause) {
        for (AutoCloseable resource : opened) {
            try {
                resource.close();
            } catch (Exception e) {
                cause.addSuppressed(e);
            }
        }
    }

    /**
     * The shipped detector.
     *
     * @param side of its input, pixels
     * @param threads of one run
     */
    public static Perceiver<Detections> detector(int side, int threads) {
        return detector(side, threads, DetectorChoice.SHIPPED.score());
    }

    /**
     * The shipped detector at another sensitivity.
     *
     * @param side of its input, pixels
     * @param threads of one run
     * @param leastScore below which boxes are dropped
     */
    public static Perceiver<Detections> detector(int side, int threads, double leastScore) {
        return detector(new DetectorChoice(DetectorChoice.SHIPPED.weights(), side, leastScore, threads));
    }

    /**
     * The eyes of the read-back gate, a thread wide: the same detector, but less easily pleased than on a stream, because the
     * gate has thresholds of its own. Nothing while no weights are shipped.
     */
    public static Optional<PerceptionReader> reader() {
        return available()
                ? Optional.of(new PerceptionReader(
                        detector(new DetectorChoice(Optional.empty(), READ_SIDE, READ_SCORE, 1)), Optional.empty()))
                : Optional.empty();
    }

    static Perceiver<Detections> detector(DetectorChoice choice) {
        Safetensors weights = Safetensors.open(choice.weights().orElseGet(() -> unpack(DETECTOR)));
        Detector detector = Repertoire.of(
                weights,
                w -> new Detector(
                        Processor.ENGINE,
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
            public List<Detections> perceive(List<sightline.config.domain.Frame> frames) {
                return detector.perceive(frames);
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
        try (InputStream in = ShippedNetworks.class.getResourceAsStream(resource)) {
            Path file = Files.createTempFile("sightline-", ".safetensors");
            file.toFile().deleteOnExit();
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack " + resource, e);
        }
    }

    static List<SystemFacts.Model> describe(PerceptionStage.Networks networks) {
        List<SystemFacts.Model> models = new ArrayList<>();
        models.add(model("detector", networks.detector().identity()));
        networks.poser().ifPresent(p -> models.add(model("poses", p.identity())));
        networks.segmenter().ifPresent(s -> models.add(model("segmentation", s.identity())));
        networks.cutter().ifPresent(c -> models.add(model("masks", c.identity())));
        return models;
    }

    private static SystemFacts.Model model(String role, Identity identity) {
        String device = identity.engine().equals("cuda") ? "GPU" : "CPU";
        return new SystemFacts.Model(role, identity.name(), identity.digest(), identity.engine(), device);
    }
}
