package sightline.operators.recipe;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sightline.config.domain.Box;
import sightline.config.domain.ObjectClass;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Graph;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.train.Arrays32;
import sightline.kernels.train.Parameters;
import sightline.kernels.weights.Weights;
import sightline.operators.evaluate.DetectionEvaluation;
import sightline.operators.evaluate.DetectionEvaluation.Claim;
import sightline.operators.evaluate.DetectionEvaluation.Truth;
import sightline.operators.pool.LabeledObject;
import sightline.operators.pool.LabeledPicture;
import sightline.operators.pool.Letterbox;
import sightline.operators.pool.Picture;

/**
 * A detector with given weights on an engine, one batch at a time, for evaluation.
 *
 * <p>Threading: one thread at a time.
 */
public final class DetectorEvaluation implements AutoCloseable {
    private static final int CLASSES = ObjectClass.values().length;
    private static final DetectionDecoder DECODER = new DetectionDecoder(0.02, 0.6);

    private final Session session;
    private final Tensor input;
    private final int batch;
    private final int side;

    /**
     * Compiles the network for a batch.
     *
     * @param network the detection graph in inference meaning, all dimensions bound
     */
    public DetectorEvaluation(Engine engine, Graph network, Weights weights, int threads) {
        session = engine.compile(
                network, weights, CompileOptions.DEFAULT.withThreads(threads).lenient());
        long[] shape = network.inputs().get(DetectionHeads.IMAGE).shape().toArray();
        batch = (int) shape[0];
        side = (int) shape[3];
        input = Tensor.allocate(DType.F32, shape);
    }

    /** Trained parameters and statistics as weights for a network; what neither holds is zero. */
    public static Weights weights(Graph network, Parameters parameters, Parameters statistics) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        network.parameters().forEach((name, value) -> {
            Tensor tensor = Tensor.allocate(value.dtype(), value.shape().toArray());
            Parameters from = parameters.contains(name) ? parameters : statistics;
            if (from.contains(name)) {
                Arrays32.put(from.get(name).values(), tensor);
            }
            tensors.put(name, tensor);
        });
        return Weights.of(tensors);
    }

    /** What it claims of each picture, in that picture's pixels. */
    public List<List<Claim>> detect(List<Picture> pictures) {
        List<List<Claim>> all = new ArrayList<>();
        for (int from = 0; from < pictures.size(); from += batch) {
            List<Picture> some = pictures.subList(from, Math.min(pictures.size(), from + batch));
            all.addAll(detectBatch(some));
        }
        return all;
    }

    private List<List<Claim>> detectBatch(List<Picture> pictures) {
        FloatBuffer pixels =
                input.data().asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
        for (int i = 0; i < pictures.size(); i++) {
            Letterbox.write(pictures.get(i), side, pixels, i * 3 * side * side);
        }
        Map<String, Tensor> outputs = session.run(Map.of(DetectionHeads.IMAGE, input));
        List<HeadLevel> levels = new ArrayList<>();
        for (int stride : DetectionHeads.STRIDES) {
            Tensor logits = outputs.get(DetectionHeads.logits(stride));
            HeadLevel level = HeadLevel.of(stride, (int) logits.dim(2), (int) logits.dim(3), batch, CLASSES);
            Arrays32.get(logits, level.scores());
            Arrays32.get(outputs.get(DetectionHeads.distances(stride)), level.boxes());
            levels.add(level);
        }
        List<List<Claim>> claims = new ArrayList<>();
        for (int i = 0; i < pictures.size(); i++) {
            Picture p = pictures.get(i);
            double back = (double) Math.max(p.width(), p.height()) / side;
            claims.add(DECODER.decode(levels, i).stream()
                    .map(c -> new Claim(c.label(), c.score(), scaled(c.box(), back, p)))
                    .toList());
        }
        return claims;
    }

    private static Box scaled(Box b, double by, Picture p) {
        double left = Math.clamp(b.x() * by, 0, p.width());
        double top = Math.clamp(b.y() * by, 0, p.height());
        double right = Math.clamp(b.right() * by, 0, p.width());
        double bottom = Math.clamp(b.bottom() * by, 0, p.height());
        return new Box(left, top, right - left, bottom - top);
    }

    /** Scores it on labelled pictures. */
    public DetectionEvaluation evaluate(List<LabeledPicture> pictures) throws java.io.IOException {
        List<Picture> decoded = new ArrayList<>();
        for (LabeledPicture p : pictures) {
            decoded.add(p.decode());
        }
        List<List<Claim>> claims = detect(decoded);
        var evaluation = new DetectionEvaluation();
        for (int i = 0; i < pictures.size(); i++) {
            Picture p = decoded.get(i);
            List<Truth> truths = new ArrayList<>();
            for (LabeledObject o : pictures.get(i).objects()) {
                Box b = o.box();
                truths.add(new Truth(
                        o.label(),
                        new Box(b.x() * p.width(), b.y() * p.height(), b.width() * p.width(), b.height() * p.height()),
                        o.ignored()));
            }
            evaluation.add(claims.get(i), truths);
        }
        return evaluation;
    }

    @Override
    public void close() {
        session.close();
    }
}
