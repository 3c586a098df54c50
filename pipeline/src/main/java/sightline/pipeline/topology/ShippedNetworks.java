package sightline.pipeline.topology;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.weights.Weights;
import sightline.operators.perception.Perceiver.Identity;
import sightline.operators.sam.ThingCutter;
import sightline.pipeline.declared.NetworkChoice;
import sightline.pipeline.declared.NetworkChoices;
import sightline.pipeline.infer.Processor;
import sightline.pipeline.infer.Repertoire;
import sightline.pipeline.infer.Repertoire.Task;
import sightline.pipeline.infer.ShippedDetector;
import sightline.pipeline.web.SystemFacts;

/** The networks of perception: those whose weights are in the project, unless others are chosen. */
final class ShippedNetworks {
    private static final double POSE_SCORE = 0.3;

    private ShippedNetworks() {}

    /** What is chosen, or nothing if that is what is shipped and nothing is. */
    static Optional<PerceptionStage.Networks> load(NetworkChoices choices) {
        if (!ShippedDetector.available() && choices.detector().weights().isEmpty()) {
            return Optional.empty();
        }
        CompileOptions options =
                CompileOptions.DEFAULT.withThreads(choices.detector().threads());
        choices.poses().ifPresent(c -> Task.POSES.require(c.model(), c.weights()));
        choices.segmentation().ifPresent(c -> Task.SEGMENTATION.require(c.model(), c.weights()));
        choices.masks().ifPresent(c -> Task.MASKS.require(c.model(), c.weights()));
        Engine engine = Processor.engine();
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            SwappableDetector detector = kept(
                    new SwappableDetector(ShippedDetector.open(choices.detector()), DetectorTrial.Terms.DEFAULT),
                    opened);
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
