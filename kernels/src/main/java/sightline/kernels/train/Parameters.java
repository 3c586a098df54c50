package sightline.kernels.train;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The trained tensors of one network in a fixed order, by name.
 *
 * <p>Threading: read by many workers during a step, written by one thread between steps. The order is part of a
 * checkpoint's meaning.
 */
public final class Parameters {
    private final Map<String, Parameter> byName = new LinkedHashMap<>();

    public Parameters(Collection<Parameter> parameters) {
        for (Parameter p : parameters) {
            if (byName.put(p.name(), p) != null) {
                throw new IllegalArgumentException("parameter given twice: " + p.name());
            }
        }
    }

    public List<Parameter> list() {
        return new ArrayList<>(byName.values());
    }

    /** The parameter of that name. Fails when there is none. */
    public Parameter get(String name) {
        Parameter p = byName.get(name);
        if (p == null) {
            throw new IllegalArgumentException("no parameter " + name);
        }
        return p;
    }

    public boolean contains(String name) {
        return byName.containsKey(name);
    }

    /** How many numbers are trained. */
    public long count() {
        return byName.values().stream().mapToLong(p -> p.values().length).sum();
    }

    /** A copy that shares nothing with this one. */
    public Parameters copy() {
        return new Parameters(byName.values().stream()
                .map(p -> new Parameter(p.name(), p.shape().clone(), p.values().clone(), p.decayed()))
                .toList());
    }

    /** Overwrites these values with the ones of the same names in {@code other}. */
    public void set(Parameters other) {
        for (Parameter p : byName.values()) {
            float[] from = other.get(p.name()).values();
            System.arraycopy(from, 0, p.values(), 0, p.values().length);
        }
    }
}
