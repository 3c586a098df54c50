package sightline.kernels.train;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Adam with decoupled weight decay in 32-bit floats (Loshchilov and Hutter): the square root is bias-corrected before
 * epsilon is added, and decay is scaled by the learning rate alone.
 */
public final class AdamW implements Optimizer {
    static final String KIND = "adamw";

    private final Parameters parameters;
    private final Betas betas;
    private final Map<String, float[]> first = new LinkedHashMap<>();
    private final Map<String, float[]> second = new LinkedHashMap<>();
    private long steps;

    public AdamW(Parameters parameters, Betas betas) {
        this.parameters = parameters;
        this.betas = betas;
        for (Parameter p : parameters.list()) {
            first.put(p.name(), new float[p.values().length]);
            second.put(p.name(), new float[p.values().length]);
        }
    }

    @Override
    public void step(Map<String, float[]> gradients, double learningRate) {
        steps++;
        Betas.Step s = betas.at(steps, learningRate);
        // Tensors do not depend on each other, so their order does not matter.
        parameters.list().parallelStream().forEach(p -> step(p, Betas.gradientOf(gradients, p), s));
    }

    private void step(Parameter p, float[] g, Betas.Step s) {
        float[] m = first.get(p.name());
        float[] v = second.get(p.name());
        float[] w = p.values();
        for (int i = 0; i < w.length; i++) {
            m[i] = s.first(m[i], g[i]);
            v[i] = s.second(v[i], g[i]);
            w[i] = s.move(w[i], m[i], v[i], p.decayed());
        }
    }

    @Override
    public long steps() {
        return steps;
    }

    @Override
    public long stateBytes() {
        return 2 * Float.BYTES * parameters.count();
    }

    @Override
    public OptimizerState state() {
        Map<String, float[]> floats = new HashMap<>();
        first.forEach((name, a) -> floats.put("m/" + name, a));
        second.forEach((name, a) -> floats.put("v/" + name, a));
        return new OptimizerState(KIND, steps, floats, Map.of());
    }

    @Override
    public void restore(OptimizerState state) {
        state.expect(KIND);
        steps = state.steps();
        first.forEach((name, a) -> copy(state.floats().get("m/" + name), a));
        second.forEach((name, a) -> copy(state.floats().get("v/" + name), a));
    }

    private static void copy(float[] from, float[] to) {
        System.arraycopy(from, 0, to, 0, to.length);
    }
}
