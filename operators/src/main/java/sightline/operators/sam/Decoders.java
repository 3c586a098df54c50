package sightline.operators.sam;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import sightline.config.domain.Box;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Graph;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.Weights;
import sightline.operators.sam.Prompt.Layout;

/**
 * Mask decoders compiled for as many prompts of one layout as are usual, the few used last. Prompts are answered in runs
 * of at most {@link #MOST_PROMPTS}; a run that is not full repeats its last prompt.
 */
final class Decoders implements AutoCloseable {
    static final int MOST_PROMPTS = 64;
    private static final int KEPT = 8;
    private static final int ANSWERS = 4;

    private record Key(Layout layout, int prompts) {}

    /** A session with its inputs. */
    private record Decoder(Session session, Map<String, Tensor> inputs) {}

    private final Engine engine;
    private final Sam sam;
    private final int grid;
    private final Weights weights;
    private final CompileOptions options;
    private final Tensor embedding;
    private final Map<Key, Decoder> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Decoder> eldest) {
            if (size() > KEPT) {
                eldest.getValue().session().close();
                return true;
            }
            return false;
        }
    };

    Decoders(Engine engine, Sam sam, int grid, Weights weights, CompileOptions options) {
        this.engine = engine;
        this.sam = sam;
        this.grid = grid;
        this.weights = weights;
        this.options = options;
        this.embedding = Tensor.allocate(DType.F32, 1, Sam.WIDTH, grid, grid);
    }

    /** Sets the picture that prompts are about. */
    void embedding(float[] values) {
        MemorySegment.copy(values, 0, embedding.data(), ValueLayout.JAVA_FLOAT_UNALIGNED, 0, values.length);
    }

    /** The four answers of each prompt: the unambiguous one, then whole, part and subpart. */
    List<List<Answer>> answer(List<Prompt> prompts, PromptFrame frame) {
        Map<Layout, List<Integer>> groups = new LinkedHashMap<>();
        for (int i = 0; i < prompts.size(); i++) {
            groups.computeIfAbsent(prompts.get(i).layout(), l -> new ArrayList<>())
                    .add(i);
        }
        Map<Integer, List<Answer>> answers = new HashMap<>();
        groups.forEach((layout, members) -> {
            for (int from = 0; from < members.size(); from += MOST_PROMPTS) {
                List<Integer> run = members.subList(from, Math.min(members.size(), from + MOST_PROMPTS));
                answer(layout, run, prompts::get, frame, answers);
            }
        });
        return java.util.stream.IntStream.range(0, prompts.size())
                .mapToObj(answers::get)
                .toList();
    }

    private void answer(
            Layout layout,
            List<Integer> run,
            IntFunction<Prompt> prompts,
            PromptFrame frame,
            Map<Integer, List<Answer>> answers) {
        int size = Integer.highestOneBit(Math.max(1, 2 * run.size() - 1));
        Decoder decoder = kept.computeIfAbsent(new Key(layout, size), this::compile);
        for (int slot = 0; slot < size; slot++) {
            write(prompts.apply(run.get(Math.min(slot, run.size() - 1))), slot, decoder.inputs(), frame);
        }
        Map<String, Tensor> out = decoder.session().run(decoder.inputs());
        int cells = 16 * grid * grid;
        for (int slot = 0; slot < run.size(); slot++) {
            List<Answer> four = new ArrayList<>(ANSWERS);
            for (int a = 0; a < ANSWERS; a++) {
                long at = (long) ANSWERS * slot + a;
                float[] logits = new float[cells];
                MemorySegment.copy(
                        out.get("masks").data(), ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * at * cells, logits, 0, cells);
                four.add(new Answer(logits, out.get("quality").get(at)));
            }
            answers.put(run.get(slot), four);
        }
    }

    private Decoder compile(Key key) {
        Graph graph = MaskDecoder.graph(
                sam, grid, key.prompts(), key.layout().tokens(), key.layout().mask());
        Map<String, Tensor> inputs = new HashMap<>();
        graph.inputs()
                .forEach((name, value) -> inputs.put(
                        name,
                        name.equals("embedding")
                                ? embedding
                                : Tensor.allocate(value.dtype(), value.shape().toArray())));
        return new Decoder(engine.compile(graph, weights, options), inputs);
    }

    private void write(Prompt prompt, int slot, Map<String, Tensor> inputs, PromptFrame frame) {
        int token = slot * prompt.tokens();
        for (Prompt.Point point : prompt.points()) {
            token(inputs, token++, frame.x(point.u()), frame.y(point.v()), point.inside() ? 1 : 0);
        }
        if (prompt.box().isPresent()) {
            Box box = prompt.box().get();
            token(inputs, token++, frame.x(box.x()), frame.y(box.y()), 2);
            token(inputs, token, frame.x(box.right()), frame.y(box.bottom()), 3);
        } else {
            token(inputs, token, 0, 0, 4);
        }
        prompt.mask().ifPresent(mask -> {
            int cells = 16 * grid * grid;
            if (mask.logits().length != cells) {
                throw new IllegalArgumentException(
                        "a mask prompt has " + cells + " cells, not " + mask.logits().length);
            }
            MemorySegment.copy(
                    mask.logits(),
                    0,
                    inputs.get("mask").data(),
                    ValueLayout.JAVA_FLOAT_UNALIGNED,
                    4L * slot * cells,
                    cells);
        });
    }

    private static void token(Map<String, Tensor> inputs, int token, double x, double y, int kind) {
        inputs.get("coordinates").set(2L * token, x);
        inputs.get("coordinates").set(2L * token + 1, y);
        for (int k = 0; k < PromptEncoder.KINDS; k++) {
            inputs.get("kinds").set((long) PromptEncoder.KINDS * token + k, k == kind ? 1 : 0);
        }
    }

    @Override
    public void close() {
        kept.values().forEach(decoder -> decoder.session().close());
        kept.clear();
    }
}
