package sightline.operators.pool;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import sightline.config.domain.Box;
import sightline.config.domain.ObjectClass;
import sightline.kernels.onnx.NativeCalls;
import sightline.kernels.onnx.RuntimeEnvironment;

/**
 * The PicoDet detector trained on COCO, from an ONNX export without post-processing: for each stride 8, 16, 32 and 64 a
 * map of 80 class scores and one of four distances as distributions over eight bins. The picture is stretched to the
 * network's square.
 */
public final class PicoDet implements Teacher {
    private static final float[] MEAN = {0.485f, 0.456f, 0.406f};
    private static final float[] DEVIATION = {0.229f, 0.224f, 0.225f};
    private static final Map<Integer, ObjectClass> CLASSES = Map.of(
            0, ObjectClass.PERSON,
            1, ObjectClass.BICYCLE,
            2, ObjectClass.CAR,
            3, ObjectClass.MOTORCYCLE,
            5, ObjectClass.BUS,
            7, ObjectClass.TRUCK);

    private final OrtSession session;
    private final OrtEnvironment environment = RuntimeEnvironment.get();
    private final String input;
    private final int side;
    private final FloatBuffer pixels;

    public PicoDet(Path onnx, int threads) throws IOException {
        try (var options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setSessionLogLevel(ai.onnxruntime.OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            session = environment.createSession(Files.readAllBytes(onnx), options);
            input = session.getInputNames().iterator().next();
            long[] shape = ((TensorInfo) session.getInputInfo().get(input).getInfo()).getShape();
            side = (int) shape[2];
        } catch (OrtException e) {
            throw new IOException(onnx + ": " + e.getMessage(), e);
        }
        pixels = ByteBuffer.allocateDirect(4 * 3 * side * side)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /** For one of several threads, each with a detector of its own. */
    public static PicoDet of(Path onnx) {
        try {
            return new PicoDet(onnx, 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    @Override
    public String name() {
        return "picodet-s-" + side;
    }

    @Override
    public List<LabeledObject> label(Picture picture, double floor) throws IOException {
        fill(picture.resize(side, side));
        NativeCalls.get().enter();
        try (OnnxTensor x = OnnxTensor.createTensor(environment, pixels, new long[] {1, 3, side, side});
                OrtSession.Result outputs = session.run(Map.of(input, x))) {
            return suppress(decode(outputs, floor), 0.6);
        } catch (OrtException e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            NativeCalls.get().leave();
        }
    }

    private void fill(Picture square) {
        int plane = side * side;
        for (int i = 0, at = 0; i < plane; i++) {
            for (int c = 0; c < 3; c++) {
                pixels.put(c * plane + i, ((square.rgb()[at++] & 255) / 255f - MEAN[c]) / DEVIATION[c]);
            }
        }
    }

    private List<LabeledObject> decode(OrtSession.Result outputs, double floor) throws OrtException {
        Map<Integer, float[][]> scores = new java.util.HashMap<>();
        Map<Integer, float[][]> distances = new java.util.HashMap<>();
        for (var output : outputs) {
            float[][] map = ((float[][][]) output.getValue().getValue())[0];
            boolean rowIsCell = map[0].length == 80 || map[0].length == 32;
            int cells = rowIsCell ? map.length : map[0].length;
            int channels = rowIsCell ? map[0].length : map.length;
            int stride = (int) Math.round(side / Math.sqrt(cells));
            (channels == 80 ? scores : distances).put(stride, rowIsCell ? map : transpose(map));
        }
        List<LabeledObject> found = new ArrayList<>();
        scores.forEach((stride, map) -> decode(stride, map, distances.get(stride), floor, found));
        return found;
    }

    private void decode(int stride, float[][] scores, float[][] distances, double floor, List<LabeledObject> found) {
        int across = (side + stride - 1) / stride;
        for (int cell = 0; cell < scores.length; cell++) {
            for (var e : CLASSES.entrySet()) {
                float score = scores[cell][e.getKey()];
                if (score >= floor) {
                    double x = (cell % across + 0.5) * stride;
                    double y = (cell / across + 0.5) * stride;
                    double[] d = new double[4];
                    for (int k = 0; k < 4; k++) {
                        d[k] = expectation(distances[cell], 8 * k) * stride;
                    }
                    double left = Math.max(0, x - d[0]) / side;
                    double top = Math.max(0, y - d[1]) / side;
                    double right = Math.min(side, x + d[2]) / side;
                    double bottom = Math.min(side, y + d[3]) / side;
                    var box = new Box(left, top, right - left, bottom - top);
                    found.add(new LabeledObject(e.getValue(), box, score, false));
                }
            }
        }
    }

    private static double expectation(float[] bins, int from) {
        double top = 0;
        double sum = 0;
        for (int i = 0; i < 8; i++) {
            double e = Math.exp(bins[from + i]);
            top += i * e;
            sum += e;
        }
        return top / sum;
    }

    private static float[][] transpose(float[][] map) {
        float[][] turned = new float[map[0].length][map.length];
        for (int i = 0; i < map.length; i++) {
            for (int j = 0; j < map[0].length; j++) {
                turned[j][i] = map[i][j];
            }
        }
        return turned;
    }

    /** Greedy suppression within each class. */
    static List<LabeledObject> suppress(List<LabeledObject> found, double overlap) {
        List<LabeledObject> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.comparingDouble(LabeledObject::score).reversed());
        List<LabeledObject> kept = new ArrayList<>();
        for (LabeledObject o : sorted) {
            boolean repeated = kept.stream()
                    .anyMatch(k -> k.label() == o.label() && k.box().iou(o.box()) > overlap);
            if (!repeated) {
                kept.add(o);
            }
        }
        return kept;
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
