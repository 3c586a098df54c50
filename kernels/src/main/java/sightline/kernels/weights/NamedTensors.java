package sightline.kernels.weights;

import java.lang.foreign.Arena;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sightline.kernels.tensor.Tensor;

/** Weights in memory, of an arena that closing them closes, or of somebody else, which is left alone. */
class NamedTensors implements Weights {
    private final Map<String, Tensor> tensors;
    private final Optional<Arena> arena;

    NamedTensors(Map<String, Tensor> tensors, Optional<Arena> arena) {
        this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        this.arena = arena;
    }

    @Override
    public final Set<String> names() {
        return tensors.keySet();
    }

    @Override
    public final Optional<Tensor> find(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    /** The tensors by name, for {@link SafetensorsWriter}. */
    public final Map<String, Tensor> tensors() {
        return tensors;
    }

    @Override
    public final void close() {
        arena.filter(a -> a.scope().isAlive()).ifPresent(Arena::close);
    }
}
