package sightline.kernels.cuda.program;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.graph.Node;

/** Collects slots and steps while a graph is lowered. Confined to the compiling thread. */
public final class Emitter {
    /** Axes that a kernel can be told of. */
    public static final int RANK = 8;

    private static final int THREADS = 256;

    private final List<Slot> slots = new ArrayList<>();
    private final List<Step> once = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private final Arena constants = Arena.ofAuto();
    private List<Step> caught;
    private boolean makingConstants;
    private final Map<Slot, Slot> rounded = new HashMap<>();
    private final Set<Slot> updated = new HashSet<>();
    private Slot fault;
    private String label = "";

    /** The layer that a node is, for reports. */
    public static String layer(Node node) {
        String op = node.op().getClass().getSimpleName();
        return node.scope().isEmpty() ? op + " " + node.output().label() : node.scope() + " " + op;
    }

    /** Names the layer that the following steps belong to. */
    public void label(String layer) {
        label = layer;
    }

    /** Steps emitted by the work run once, when the session opens, and what they make lasts. */
    public <T> T once(java.util.function.Supplier<T> work) {
        boolean before = makingConstants;
        makingConstants = true;
        try {
            return work.get();
        } finally {
            makingConstants = before;
        }
    }

    /** A new slot. */
    public Slot slot(Slot.Kind kind, long bytes) {
        Slot slot = new Slot(slots.size(), kind, bytes);
        slots.add(slot);
        return slot;
    }

    /** Room for a result. */
    public Slot room(long bytes) {
        return slot(makingConstants ? Slot.Kind.CONSTANT : Slot.Kind.ACTIVATION, bytes);
    }

    /** Room for a result of a shape. */
    public Array32 array(boolean whole, int... shape) {
        Array32 sized = new Array32(null, shape, whole);
        return new Array32(room(4L * sized.size()), shape, whole);
    }

    /** The same of another's shape and type. */
    public Array32 like(Array32 other) {
        return array(other.whole(), other.shape());
    }

    /** A constant with content, whose bytes are copied when the session opens. */
    public Slot constant(MemorySegment content) {
        return slot(Slot.Kind.CONSTANT, content.byteSize()).holding(content);
    }

    /** A constant of these numbers, which are copied. */
    public Array32 constant(float[] values, int... shape) {
        MemorySegment bytes = constants.allocate(4L * Math.max(1, values.length));
        MemorySegment.copy(values, 0, bytes, java.lang.foreign.ValueLayout.JAVA_FLOAT, 0, values.length);
        return new Array32(constant(bytes), shape, false);
    }

    /** A constant of these integers, which are copied. */
    public Array32 constant(int[] values, int... shape) {
        MemorySegment bytes = constants.allocate(4L * Math.max(1, values.length));
        MemorySegment.copy(values, 0, bytes, java.lang.foreign.ValueLayout.JAVA_INT, 0, values.length);
        return new Array32(constant(bytes), shape, true);
    }

    /** A vector of floats, null for null. */
    public Slot vector(float[] values) {
        return values == null ? null : constant(values, values.length).slot();
    }

    /** Says that what writes a state also writes its rounded copy, where it has one. */
    public void updates(Slot state) {
        updated.add(state);
    }

    /**
     * The bfloat16 copy of a state, which lasts as that does; null of one whose writer knows of none.
     *
     * @param fill emits what makes the copy where something else than a run wrote the state
     */
    public Slot kept(Slot state, int size, Consumer<Slot> fill) {
        if (!updated.contains(state)) {
            return null;
        }
        Slot known = rounded.get(state);
        if (known == null) {
            known = slot(Slot.Kind.STATE, 2L * size);
            rounded.put(state, known);
            Slot copy = known;
            once(() -> {
                fill.accept(copy);
                return copy;
            });
        }
        return known;
    }

    /** The rounded copy that a state has, or null. */
    public Slot rounded(Slot state) {
        return rounded.get(state);
    }

    /** The word by which a kernel fails a run. */
    public Slot fault() {
        if (fault == null) {
            fault = slot(Slot.Kind.STATE, 4);
        }
        return fault;
    }

    /** One thread an item. */
    public void each(String family, String kernel, long items, Params params, double flops, double bytes) {
        add(new Step(family, kernel, Grid.covering(items, THREADS), THREADS, 0, params, label, flops, bytes));
    }

    /** Emits a kernel in a grid of the caller's. */
    public void grid(
            String family, String kernel, Grid grid, int block, int shared, Params params, double flops, double bytes) {
        add(new Step(family, kernel, grid, block, shared, params, label, flops, bytes));
    }

    /** The same of an interpreted expression, which may also have been compiled (else null). */
    public void expression(
            String family,
            String kernel,
            Grid grid,
            int block,
            int shared,
            Params params,
            ExpressionKernel compiled,
            double flops,
            double bytes) {
        add(new Step(family, kernel, grid, block, shared, params, label, flops, bytes, compiled, List.of()));
    }

    /** A compiled expression that no interpreter knows, and the steps that run where it does not. */
    public void expression(ExpressionKernel compiled, Params params, List<Step> instead, double flops, double bytes) {
        String kernel = ExpressionKernel.kind(compiled.name());
        Grid grid = compiled.grid();
        add(new Step(
                ExpressionKernel.FAMILY,
                kernel,
                grid,
                compiled.block(),
                0,
                params,
                label,
                flops,
                bytes,
                compiled,
                instead));
    }

    /** Steps that work would have emitted. */
    public List<Step> caught(Runnable work) {
        List<Step> before = caught;
        List<Step> now = new ArrayList<>();
        caught = now;
        try {
            work.run();
        } finally {
            caught = before;
        }
        return now;
    }

    /** Emits steps that were caught. */
    public void release(List<Step> others) {
        others.forEach(this::add);
    }

    /** Puts every one of these steps right behind the last step that touches a slot of its own. */
    public void addBehindLastUses(List<Step> late) {
        int[] last = new int[slots.size()];
        for (int i = 0; i < steps.size(); i++) {
            int at = i;
            steps.get(i).slots().forEach(slot -> last[slot.id()] = at);
        }
        Map<Integer, List<Step>> behind = new HashMap<>();
        for (Step step : late) {
            int at = step.slots().stream()
                    .mapToInt(slot -> last[slot.id()])
                    .max()
                    .orElse(0);
            behind.computeIfAbsent(at, k -> new ArrayList<>()).add(step);
        }
        List<Step> before = List.copyOf(steps);
        steps.clear();
        for (int i = 0; i < before.size(); i++) {
            steps.add(before.get(i));
            steps.addAll(behind.getOrDefault(i, List.of()));
        }
    }

    private void add(Step step) {
        (makingConstants ? once : caught != null ? caught : steps).add(step);
    }

    /** What runs every time, so far. */
    public List<Step> steps() {
        return List.copyOf(steps);
    }

    /** All that was emitted, with its boundary. */
    public Program program(
            java.util.Map<String, Program.Port> inputs,
            java.util.Map<String, Program.Port> outputs,
            java.util.Map<String, Program.Port> states) {
        return new Program(List.copyOf(once), List.copyOf(steps), List.copyOf(slots), inputs, outputs, states, fault);
    }
}
