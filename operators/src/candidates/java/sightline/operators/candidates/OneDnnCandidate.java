package sightline.operators.candidates;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * oneDNN's primitives. Where the format of activations is left to it, each primitive chooses its own, and what lies between
 * two that disagree is a reorder; where the format is named, all activations lie in it. Weights always lie as the primitive likes.
 */
final class OneDnnCandidate implements Candidate {
    private static final int SRC = 1;
    private static final int DST = 17;
    private static final int WEIGHTS = 33;
    private static final int DIFF_SRC = 129;
    private static final int DIFF_DST = 145;
    private static final int DIFF_WEIGHTS = 161;

    private final String name;
    private final int format;
    private final OneDnn dnn;

    /** @param format of activations, such as {@link OneDnn#FORMAT_ANY} */
    OneDnnCandidate(String name, int format, OneDnn dnn) {
        this.name = name;
        this.format = format;
        this.dnn = dnn;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Passes prepare(Layer layer, Operands operands, Collection<Pass> passes) {
        var g = dnn.geometry(layer.stride(), layer.padding());
        MemorySegment x = dnn.layout(format, layer.xShape());
        MemorySegment y = dnn.layout(format, layer.yShape());
        MemorySegment w = dnn.layout(OneDnn.FORMAT_ANY, weights(layer));
        MemorySegment forward = dnn.forward(x, w, y, g);
        Map<Pass, Ready> ready = new EnumMap<>(Pass.class);
        for (Pass pass : passes) {
            ready.put(
                    pass,
                    switch (pass) {
                        case FORWARD ->
                            new Ready(forward)
                                    .in(SRC, layer.xShape(), operands.x())
                                    .in(WEIGHTS, weights(layer), operands.w())
                                    .out(DST, layer.yShape());
                        case INPUT ->
                            new Ready(dnn.backwardData(x, w, y, g, forward))
                                    .in(DIFF_DST, layer.yShape(), operands.dy())
                                    .in(WEIGHTS, weights(layer), operands.w())
                                    .out(DIFF_SRC, layer.xShape());
                        case WEIGHT ->
                            new Ready(dnn.backwardWeights(x, w, y, g, forward))
                                    .in(SRC, layer.xShape(), operands.x())
                                    .in(DIFF_DST, layer.yShape(), operands.dy())
                                    .out(DIFF_WEIGHTS, weights(layer));
                    });
        }
        ready.values().forEach(Ready::finish);
        return new AllReady(ready);
    }

    /** Groups are a dimension of their own. */
    private static long[] weights(Layer layer) {
        int groups = layer.groups();
        int k = layer.kernel();
        return groups == 1 ? layer.wShape() : new long[] {groups, layer.out() / groups, layer.in() / groups, k, k};
    }

    /** A primitive, its operands in the layouts that it likes, and the reorders from and to plain ones. */
    private final class Ready {
        private final MemorySegment descriptor;
        private final List<Object> arguments = new ArrayList<>();
        private final List<OneDnn.Call> reordersIn = new ArrayList<>();
        private final List<OneDnn.Call> reordersOut = new ArrayList<>();
        private final List<MemorySegment> memories = new ArrayList<>();
        private final StringBuilder how = new StringBuilder();
        private OneDnn.Call call;
        private MemorySegment result;

        Ready(MemorySegment descriptor) {
            this.descriptor = descriptor;
            how.append(dnn.implementation(descriptor));
        }

        Ready in(int argument, long[] shape, float[] values) {
            MemorySegment plain = operand(argument, shape, reordersIn, true);
            MemorySegment.copy(values, 0, plain, ValueLayout.JAVA_FLOAT, 0, values.length);
            return this;
        }

        Ready out(int argument, long[] shape) {
            result = operand(argument, shape, reordersOut, false);
            return this;
        }

        /** Returns the floats of the plain memory. */
        private MemorySegment operand(int argument, long[] shape, List<OneDnn.Call> reorders, boolean inwards) {
            MemorySegment own = dnn.layout(descriptor, query(argument));
            MemorySegment plain = dnn.layout(plain(shape), shape);
            MemorySegment memory = memory(own);
            arguments.add(argument);
            arguments.add(memory);
            how.append(' ').append(describe(own, shape));
            MemorySegment outside = memory;
            if (!dnn.equal(own, plain)) {
                outside = memory(plain);
                MemorySegment from = inwards ? outside : memory;
                MemorySegment to = inwards ? memory : outside;
                MemorySegment reorder = inwards ? dnn.reorder(plain, own) : dnn.reorder(own, plain);
                reorders.add(dnn.ready(reorder, SRC, from, DST, to));
            }
            return dnn.data(outside, Layer.size(shape));
        }

        private MemorySegment memory(MemorySegment layout) {
            MemorySegment memory = dnn.memory(layout);
            memories.add(memory);
            return memory;
        }

        void finish() {
            call = dnn.ready(descriptor, arguments.toArray());
            reordersIn.forEach(dnn::run);
        }

        float[] result() {
            reordersOut.forEach(dnn::run);
            return result.toArray(ValueLayout.JAVA_FLOAT);
        }
    }

    private static int plain(long[] shape) {
        return shape.length == 4 ? OneDnn.FORMAT_ABCD : OneDnn.FORMAT_ABCDE;
    }

    private static int query(int argument) {
        return switch (argument) {
            case SRC -> 129;
            case DIFF_SRC -> 130;
            case WEIGHTS -> 131;
            case DIFF_WEIGHTS -> 132;
            case DST -> 133;
            case DIFF_DST -> 134;
            default -> throw new IllegalArgumentException("No such argument: " + argument);
        };
    }

    private String describe(MemorySegment layout, long[] shape) {
        if (shape.length == 4) {
            for (var known : Map.of(
                            OneDnn.FORMAT_ABCD, "plain",
                            OneDnn.FORMAT_ACDB, "channels-last",
                            OneDnn.FORMAT_ABCD8B, "blocks-of-8",
                            OneDnn.FORMAT_ABCD16B, "blocks-of-16")
                    .entrySet()) {
                if (dnn.equal(layout, dnn.layout(known.getKey(), shape))) {
                    return known.getValue();
                }
            }
        }
        return "other";
    }

    private final class AllReady implements Passes {
        private final Map<Pass, Ready> ready;

        AllReady(Map<Pass, Ready> ready) {
            this.ready = ready;
        }

        @Override
        public void run(Pass pass) {
            dnn.run(ready.get(pass).call);
        }

        @Override
        public void reorder(Pass pass) {
            ready.get(pass).reordersIn.forEach(dnn::run);
            ready.get(pass).reordersOut.forEach(dnn::run);
        }

        @Override
        public float[] result(Pass pass) {
            return ready.get(pass).result();
        }

        @Override
        public String how(Pass pass) {
            return ready.get(pass).how.toString();
        }

        @Override
        public void close() {
            ready.values().forEach(each -> each.memories.forEach(dnn::free));
        }
    }
}
