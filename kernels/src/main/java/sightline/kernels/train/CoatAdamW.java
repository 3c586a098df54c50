package sightline.kernels.train;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * AdamW whose two moments live in E4M3 groups of 128 with dynamic range expansion (COAT). Each step dequantises a
 * group, does the arithmetic of {@link AdamW} in 32-bit floats, moves the weights by the unquantised moments, and
 * stores the moments again. Parameters stay in 32 bits.
 *
 * <p>State costs 1 + 12/128 bytes a value and moment, 0.273 of {@link AdamW}'s for tensors of whole groups.
 */
public final class CoatAdamW implements Optimizer {
    /** What its states are called; whoever keeps the moments elsewhere gives the same. */
    public static final String KIND = "coat-adamw";

    /** Values of a moment that share a scale, an exponent and a mean. */
    public static final int GROUP = ExpandedGroups.GROUP;

    /** Groups that one thread moves at a time. */
    private static final int PIECE = 32;

    private final Parameters parameters;
    private final Betas betas;
    private final Map<String, ExpandedGroups> first = new LinkedHashMap<>();
    private final Map<String, ExpandedGroups> second = new LinkedHashMap<>();
    private long steps;

    public CoatAdamW(Parameters parameters, Betas betas) {
        this(parameters, betas, true);
    }

    /**
     * Without expansion: the plain group-wise quantiser, for comparison.
     *
     * @param expand whether groups stretch their dynamic range to that of the format
     */
    public CoatAdamW(Parameters parameters, Betas betas, boolean expand) {
        this.parameters = parameters;
        this.betas = betas;
        for (Parameter p : parameters.list()) {
            first.put(p.name(), new ExpandedGroups(p.values().length, expand));
            second.put(p.name(), new ExpandedGroups(p.values().length, expand));
        }
    }

    @Override
    public void step(Map<String, float[]> gradients, double learningRate) {
        steps++;
        Betas.Step s = betas.at(steps, learningRate);
        // Groups do not depend on each other, so their order does not matter; the powers are most of the work.
        parameters.list().parallelStream().forEach(p -> {
            float[] g = Betas.gradientOf(gradients, p);
            ExpandedGroups mean = first.get(p.name());
            ExpandedGroups square = second.get(p.name());
            int pieces = (mean.groups() + PIECE - 1) / PIECE;
            IntStream.range(0, pieces).parallel().forEach(piece -> stepGroups(p, g, s, mean, square, piece * PIECE));
        });
    }

    private static void stepGroups(
            Parameter p, float[] g, Betas.Step s, ExpandedGroups mean, ExpandedGroups square, int start) {
        float[] m = new float[ExpandedGroups.GROUP];
        float[] v = new float[ExpandedGroups.GROUP];
        float[] w = p.values();
        for (int group = start; group < Math.min(start + PIECE, mean.groups()); group++) {
            int n = mean.read(group, m);
            square.read(group, v);
            int from = group * ExpandedGroups.GROUP;
            for (int i = 0; i < n; i++) {
                m[i] = s.first(m[i], g[from + i]);
                v[i] = s.second(v[i], g[from + i]);
                w[from + i] = s.move(w[from + i], m[i], v[i], p.decayed());
            }
            mean.write(group, m);
            square.write(group, v);
        }
    }

    @Override
    public long steps() {
        return steps;
    }

    @Override
    public long stateBytes() {
        return first.values().stream().mapToLong(ExpandedGroups::bytes).sum()
                + second.values().stream().mapToLong(ExpandedGroups::bytes).sum();
    }

    @Override
    public OptimizerState state() {
        Map<String, float[]> floats = new HashMap<>();
        Map<String, byte[]> bytes = new HashMap<>();
        first.forEach((name, g) -> collect("m/" + name, g, floats, bytes));
        second.forEach((name, g) -> collect("v/" + name, g, floats, bytes));
        return new OptimizerState(KIND, steps, floats, bytes);
    }

    @Override
    public void restore(OptimizerState state) {
        state.expect(KIND);
        steps = state.steps();
        first.forEach((name, g) -> take("m/" + name, g, state));
        second.forEach((name, g) -> take("v/" + name, g, state));
    }

    private static void collect(String name, ExpandedGroups g, Map<String, float[]> floats, Map<String, byte[]> bytes) {
        bytes.put(name, g.codes);
        floats.put(name + "/scale", g.scale);
        floats.put(name + "/exponent", g.exponent);
        floats.put(name + "/mean", g.mean);
    }

    private static void take(String name, ExpandedGroups g, OptimizerState state) {
        System.arraycopy(state.bytes().get(name), 0, g.codes, 0, g.codes.length);
        System.arraycopy(state.floats().get(name + "/scale"), 0, g.scale, 0, g.scale.length);
        System.arraycopy(state.floats().get(name + "/exponent"), 0, g.exponent, 0, g.exponent.length);
        System.arraycopy(state.floats().get(name + "/mean"), 0, g.mean, 0, g.mean.length);
    }
}
