package sightline.kernels.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import sightline.kernels.cuda.ExpressionDraft.Leaf;
import sightline.kernels.cuda.ExpressionDraft.Result;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Attention;
import sightline.kernels.graph.Convolution;
import sightline.kernels.graph.Elementwise;
import sightline.kernels.graph.Elementwise.Arithmetic;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Layout;
import sightline.kernels.graph.Linear;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Value;

/**
 * Elementwise work that is put off until something reads it, then done as one expression: operations, packed activations and
 * strided views wait as terms, and a kernel that names the slot of one has it written first. What reads a value through here
 * instead (another operation, a sum, a product's rounded operand, packing) computes it without its being written at all.
 *
 * <p>What is costly to read again and wanted elsewhere too is written on the way. Confined to the compiling thread.
 */
final class Expressions {
    /** Bytes an element of an array, written or read. */
    private static final double ARRAY = 4;

    private static final double ROUNDED = 2;

    /** Whether sums of whole arrays (residuals, gradients) are stored rounded too: by this system property, {@code rounded}. */
    private static final boolean ROUNDED_SUMS =
            System.getProperty("sightline.cuda.sums", "").equals("rounded");

    /** Smaller arrays are rounded where a product wants it. */
    static final int LARGE = 1 << 14;

    /** What a value is, as long as nobody wrote it. */
    sealed interface Term {}

    /** A kernel's operation on one value or two: codes of chain.cu. */
    record Operation(int code, List<Value> operands) implements Term {}

    /** A strided view of an array; strides are elements along the value's own axes. */
    record View(Array32 of, int base, int[] strides) implements Term {
        /** Strides along the axes of a larger shape, 0 where this one repeats. */
        int[] broadcast(int[] shape, int[] target) {
            int[] placed = new int[target.length];
            int shift = target.length - shape.length;
            for (int i = 0; i < shape.length; i++) {
                placed[i + shift] = shape[i] == 1 ? 0 : strides[i];
            }
            return placed;
        }

        /** Whether it is a whole stack of matrices, each seen with rows for columns. */
        boolean turns(int[] shape, int count, int rows, int columns) {
            Strided walk = Strided.of(shape, strides);
            int[] wanted = {rows * columns, 1, rows};
            int[] lengths = {count, rows, columns};
            int from = count == 1 ? 1 : 0;
            return base == 0
                    && of.size() == count * rows * columns
                    && Arrays.equals(walk.shape(), Arrays.copyOfRange(lengths, from, lengths.length))
                    && Arrays.equals(walk.strides()[0], Arrays.copyOfRange(wanted, from, wanted.length));
        }

        /** Whether it is another array as that is. */
        boolean whole(int[] shape) {
            return base == 0
                    && of.size() == new Array32(null, shape, false).size()
                    && Strided.of(shape, strides, Array32.stridesOf(shape)).shape().length == 1
                    && Arrays.equals(strides(shape), Array32.stridesOf(shape));
        }

        /** Strides, those of axes of length one as a dense array has them. */
        private int[] strides(int[] shape) {
            int[] dense = Array32.stridesOf(shape);
            int[] own = strides.clone();
            for (int i = 0; i < own.length; i++) {
                own[i] = shape[i] == 1 ? dense[i] : own[i];
            }
            return own;
        }

        /** The same elements under another shape, or null where they cannot be walked so. */
        View reshaped(int[] shape, int[] other) {
            int[] walked = new int[other.length];
            int from = shape.length - 1;
            int to = other.length - 1;
            while (to >= 0) {
                if (other[to] == 1) {
                    to--;
                    continue;
                }
                while (from >= 0 && shape[from] == 1) {
                    from--;
                }
                // Axes of the old shape that lie as one, then as many of the new as they make.
                int length = shape[from];
                int stride = strides[from--];
                while (from >= 0 && (shape[from] == 1 || strides[from] == stride * length)) {
                    length *= shape[from--];
                }
                int filled = 1;
                while (to >= 0 && filled * other[to] <= length) {
                    walked[to] = stride * filled;
                    filled *= other[to--];
                }
                if (filled != length) {
                    return null;
                }
            }
            return new View(of, base, walked);
        }
    }

    /** A sum, or another reduction, along the last axis. */
    record RowSum(Value operand, int op) implements Term {}

    record Unpacked(EightBits32.Packed packed) implements Term {}

    record Literal(float value) implements Term {}

    private final Chain32 chain;
    private final WholeRows whole;
    private final Rounded rounded;
    private final Predicate<Value> bearsRounding;
    private final Map<Value, Boolean> narrows = new HashMap<>();
    private final Eager eager;
    private final Graph graph;
    private final Map<Value, List<Node>> uses;
    private final Function<Value, Array32> arrays;
    private final Predicate<Value> known;
    private final Map<Value, Term> terms = new HashMap<>();
    private final Map<Slot, Value> owners = new HashMap<>();

    /** How a term is written where no expression can: one operation at a time. */
    interface Eager {
        void operation(Operation operation, List<Array32> operands, Array32 out);

        void view(View view, Array32 out);

        void sum(RowSum sum, Array32 operand, Array32 out);

        void unpack(EightBits32.Packed packed, Array32 out);
    }

    /**
     * @param rounded operands of products; null where those are exact
     * @param arrays where values live that were lowered
     * @param known which do
     * @param bearsRounding whether all that reads a value takes it in bfloat16
     */
    Expressions(
            Emitter emitter,
            Rounded rounded,
            Graph graph,
            Function<Value, Array32> arrays,
            Predicate<Value> known,
            Predicate<Value> bearsRounding,
            Eager eager) {
        this.chain = new Chain32(emitter);
        this.whole = new WholeRows(emitter, chain, this::rows);
        this.rounded = rounded;
        this.eager = eager;
        this.graph = graph;
        this.uses = graph.uses();
        this.arrays = arrays;
        this.known = known;
        this.bearsRounding = bearsRounding;
    }

    /** Whether a value that is stored shall be so in bfloat16; what adds up (residuals, gradients) keeps all its digits. */
    private boolean narrows(Value value) {
        return rounded != null
                && narrows.computeIfAbsent(
                        value,
                        v -> terms.get(v) instanceof Operation
                                && (ROUNDED_SUMS || !addsUp(v))
                                && bearsRounding.test(v));
    }

    private static boolean addsUp(Value value) {
        return value.node().op() instanceof Elementwise.Binary op
                && (op.arithmetic() == Arithmetic.ADD || op.arithmetic() == Arithmetic.SUB)
                && value.node().inputs().stream()
                        .allMatch(in -> in.shape().elements() == value.shape().elements());
    }

    /** Bytes an element of a value where it is stored. */
    private double stored(Value value) {
        return narrows(value) ? ROUNDED : ARRAY;
    }

    /** An array for a term, written when a kernel first names its slot. */
    Array32 put(Value value, Term term, Array32 unwritten) {
        terms.put(value, term);
        owners.put(unwritten.slot(), value);
        if (narrows(value)) {
            rounded.allow(unwritten.slot());
        }
        unwritten.slot().await(new Slot.Writer() {
            @Override
            public void write(Slot slot) {
                Expressions.this.write(value, term, unwritten);
            }

            @Override
            public boolean narrow(Slot slot, Slot to) {
                return Expressions.this.narrow(value, unwritten, to);
            }

            @Override
            public Slot turned(int count, int rows, int columns) {
                return term instanceof View view && view.turns(unwritten.shape(), count, rows, columns)
                        ? view.of().slot()
                        : null;
            }
        });
        return unwritten;
    }

    /** Tells whose array a slot is, where that is there in bfloat16 alone. */
    void own(Value value) {
        Slot slot = arrays.apply(value).slot();
        if (rounded != null && rounded.has(slot)) {
            owners.putIfAbsent(slot, value);
        }
    }

    /** Tells of a value that also has an array of its own. */
    void also(Value value, Term term) {
        terms.put(value, term);
    }

    Term term(Value value) {
        return terms.get(value);
    }

    boolean waits(Value value) {
        return terms.containsKey(value)
                && !(terms.get(value) instanceof Literal)
                && arrays.apply(value).slot().awaits();
    }

    private void write(Value value, Term term, Array32 out) {
        if (term instanceof View view) {
            if (!copied(value, out)) {
                eager.view(view, out);
            }
            return;
        }
        if (term instanceof Unpacked unpacked) {
            eager.unpack(unpacked.packed(), out);
            return;
        }
        if (term instanceof RowSum sum) {
            boolean[] reduced = new boolean[Lowering32.shape(sum.operand()).length];
            reduced[reduced.length - 1] = true;
            if (!reduce(sum.operand(), value, reduced, sum.op(), out)) {
                eager.sum(sum, arrays.apply(sum.operand()), out);
            }
            return;
        }
        Operation operation = (Operation) term;
        if (!whole.emit(value, () -> stores(value, out))) {
            eager.operation(operation, operation.operands().stream().map(arrays).toList(), out);
        }
    }

    private boolean stores(Value value, Array32 out) {
        ExpressionDraft draft = draft(value);
        if (draft == null || draft.operations() == 1 && draft.plain()) {
            return false;
        }
        List<Result> results = new ArrayList<>();
        floats(value, out, draft, results);
        written(draft, value, results);
        return map(draft, results);
    }

    /** Copies a view that a product reads, rounding it for that in the same pass; false where a plain copy serves. */
    private boolean copied(Value value, Array32 out) {
        boolean wanted = rounded != null && out.size() >= LARGE && !out.whole() && feedsProduct(value);
        ExpressionDraft draft = wanted ? draft(value) : null;
        if (draft == null || draft.leaves().getFirst().slot() == out.slot()) {
            return false;
        }
        List<Result> results = new ArrayList<>();
        floats(value, out, draft, results);
        return map(draft, results);
    }

    /** Adds the array as it is to be stored where nothing asks for more. */
    private void stored(Value value, Array32 array, ExpressionDraft draft, List<Result> results) {
        if (!narrows(value)) {
            floats(value, array, draft, results);
            return;
        }
        Slot copy = rounded.along(array.slot(), array.size());
        if (copy != null) {
            results.add(Result.narrow(copy, draft, value));
        }
    }

    /** Adds the array, and beside it what products read of it. */
    private void floats(Value value, Array32 array, ExpressionDraft draft, List<Result> results) {
        results.add(Result.floats(array.slot(), draft, value));
        boolean room = rounded != null && results.size() < Chain32.RESULTS && array.size() >= LARGE;
        Slot copy = room && feedsProduct(value) ? rounded.along(array.slot(), array.size()) : null;
        if (copy != null) {
            results.add(Result.narrow(copy, draft, value));
        }
    }

    /** Whether a product reads a value as it is. */
    boolean feedsProduct(Value value) {
        return uses.getOrDefault(value, List.of()).stream()
                .anyMatch(user -> user.op() instanceof Linear.MatMul
                        || user.op() instanceof Attention
                        || user.op() instanceof Adjoint.AttentionInputs
                        || user.op() instanceof Convolution.Conv2d conv && conv.groups() == 1
                        || user.op() instanceof Layout.Reshape && feedsProduct(user.output()));
    }

    /** Adds what is worth writing on the way, once it is known what others made of it. */
    private void written(ExpressionDraft draft, Value root, List<Result> results) {
        draft.leaves().forEach(leaf -> leaf.slot().need());
        for (Value inner : draft.inner()) {
            boolean wanted = inner != root
                    && results.size() < Chain32.RESULTS
                    && costly(inner, draft, outside(inner, draft), 1)
                    && arrays.apply(inner).slot().awaits();
            if (wanted) {
                stored(inner, arrays.apply(inner), draft, results);
            }
        }
    }

    private long outside(Value value, ExpressionDraft draft) {
        Set<Node> within = new HashSet<>();
        draft.inner().forEach(v -> within.add(v.node()));
        long users = uses.getOrDefault(value, List.of()).stream()
                .filter(user -> !within.contains(user) && !made(user))
                .count();
        return users + (graph.outputs().containsValue(value) ? 1 : 0);
    }

    /** Whether what a node makes is there already, or was only ever a part of what is. */
    private boolean made(Node node) {
        Value value = node.output();
        if (!known.test(value)) {
            return false;
        }
        Slot slot = arrays.apply(value).slot();
        List<Node> users = uses.getOrDefault(value, List.of());
        return isStored(slot)
                || !graph.outputs().containsValue(value)
                        && !users.isEmpty()
                        && users.stream().allMatch(this::made);
    }

    /**
     * Whether computing a value again for others costs more bytes than what writing it and reading it back does.
     *
     * @param accesses of the array by which those of the others are outweighed
     */
    private boolean costly(Value value, ExpressionDraft draft, long others, int accesses) {
        return others * draft.bytes(value) > stored(value) * (others + accesses);
    }

    /** Whether an operation's value that is read once more here is better written than computed again. */
    private boolean worthWriting(Value value, ExpressionDraft draft) {
        return draft.operations() > 0 && costly(value, draft, outside(value, draft) - 1, 1);
    }

    /** Writes the rounded form; false where only the array itself can be written. */
    private boolean narrow(Value value, Array32 array, Slot to) {
        return whole.emit(value, () -> rounds(value, array, to));
    }

    private boolean rounds(Value value, Array32 array, Slot to) {
        ExpressionDraft draft = draft(value);
        if (draft == null) {
            return false;
        }
        List<Result> results = new ArrayList<>(List.of(Result.narrow(to, draft, value)));
        if (!narrows(value) && worthWriting(value, draft)) {
            results.add(Result.floats(array.slot(), draft, value));
        }
        written(draft, value, results);
        return map(draft, results);
    }

    /** Packs what waits in groups of 16; null where it must be written first. */
    EightBits32.Packed pack(Array32 rows, EightBits32 packing) {
        Value value = owners.get(rows.slot());
        if (value == null || !rows.slot().awaits() || rows.dim(0) == 1) {
            return null;
        }
        ExpressionDraft draft = draft(value);
        if (draft == null || rows.size() % EightBits32.GROUP != 0) {
            return null;
        }
        EightBits32.Packed packed = packing.room(rows);
        return whole.emit(value, () -> packs(value, rows, packed)) ? packed : null;
    }

    private boolean packs(Value value, Array32 rows, EightBits32.Packed packed) {
        ExpressionDraft draft = draft(value);
        List<Result> results = new ArrayList<>(List.of(Result.packed(packed, draft, value)));
        if (worthWriting(value, draft)) {
            stored(value, rows, draft, results);
        }
        written(draft, value, results);
        return map(draft, results);
    }

    /**
     * Writes into a part of another array; false where the array itself must be written and copied.
     *
     * @param strides of the part, along the value's axes
     */
    boolean writeInto(Value value, Array32 part, int base, int[] strides) {
        if (!waits(value)) {
            return false;
        }
        ExpressionDraft draft = draft(value);
        return draft != null && chain.map(draft, List.of(Result.part(part.slot(), base, strides, draft, value)));
    }

    /** Reduces what may wait, along trailing axes or down a stretch of them; false where another way must be taken. */
    boolean reduce(Value value, boolean[] reduced, int op, Array32 out) {
        return reduce(value, null, reduced, op, out);
    }

    private boolean reduce(Value value, Value sum, boolean[] reduced, int op, Array32 out) {
        Array32 array = arrays.apply(value);
        if (!array.slot().awaits() && array.size() < LARGE) {
            return false;
        }
        ExpressionDraft draft = draft(value, array.slot().awaits());
        // A sum itself stores nothing, so what others want too is stored first.
        for (Value wanted = wanted(value, draft); wanted != null; wanted = wanted(value, draft)) {
            store(arrays.apply(wanted).slot(), wanted);
            draft = draft(value, array.slot().awaits() && !isStored(array.slot()));
        }
        return draft != null && chain.reduce(draft, value, sum, reduced, op, out);
    }

    /** A value of an expression that is better stored before a sum reads it; null where there is none. */
    private Value wanted(Value root, ExpressionDraft draft) {
        if (draft == null) {
            return null;
        }
        for (Value value : draft.inner().reversed()) {
            Slot slot = arrays.apply(value).slot();
            long others = outside(value, draft) - (value.equals(root) ? 1 : 0);
            if (slot.awaits() && !isStored(slot) && costly(value, draft, others, 2)) {
                return value;
            }
        }
        return null;
    }

    private boolean isStored(Slot slot) {
        return !slot.awaits() || rounded != null && rounded.kept(slot) != null;
    }

    private void store(Slot slot, Value value) {
        if (!narrows(value) || rounded.alone(slot) == null) {
            slot.need();
        }
    }

    /** The expression of a value, or null where it has none that a kernel takes. */
    private ExpressionDraft draft(Value value) {
        return draft(value, true);
    }

    /** @param expand a value that was written too */
    private ExpressionDraft draft(Value value, boolean expand) {
        ExpressionDraft draft = new ExpressionDraft(Lowering32.shape(value));
        return register(draft, value, expand) >= 0 && draft.fits() ? draft : null;
    }

    /** The register that holds a value in the draft, or -1 where there is no room for it. */
    private int register(ExpressionDraft draft, Value value, boolean root) {
        int known = draft.known(value);
        if (known >= 0) {
            return known;
        }
        Term term = terms.get(value);
        if (term instanceof Literal number) {
            return draft.number(value, number.value());
        }
        Array32 array = arrays.apply(value);
        if (array.whole()) {
            return -1;
        }
        // The root's own promise is already being kept.
        if (term == null || !root && !array.slot().awaits()) {
            return draft.leaf(value, leaf(array, 0, array.broadcastStrides(draft.shape())));
        }
        boolean same = array.size() == draft.size();
        boolean row = draft.aRow(array.shape()) && sums(value);
        if (row && term instanceof RowSum sum) {
            ExpressionDraft.Mark mark = draft.mark();
            int operand = register(draft, sum.operand(), false);
            int made = operand < 0 ? -1 : draft.sum(value, sum.op(), operand);
            if (made >= 0) {
                return made;
            }
            draft.back(mark);
        }
        Slot kept = root || rounded == null ? null : rounded.kept(array.slot());
        if (term instanceof Operation operation && (row || same && Arrays.equals(array.shape(), draft.shape()))) {
            ExpressionDraft.Mark mark = draft.mark();
            int made = operation(draft, value, operation, List.of());
            // Reading what was stored may be less than making it again.
            if (made >= 0 && (kept == null || draft.bytesSince(mark) <= ROUNDED)) {
                return made;
            }
            draft.back(mark);
            // The root is made in any case, of operands that are read where there is no room to make all of them.
            for (List<Value> read : root ? stored(operation.operands()) : List.<List<Value>>of()) {
                made = operation(draft, value, operation, read);
                if (made >= 0) {
                    return made;
                }
                draft.back(mark);
            }
            if (root) {
                return -1;
            }
        }
        if (term instanceof Unpacked unpacked && same) {
            return draft.leaf(value, Leaf.packed(unpacked.packed()));
        }
        if (term instanceof View view) {
            int[] strides = view.broadcast(array.shape(), draft.shape());
            if (draft.walks(view.base(), strides)) {
                return draft.leaf(value, leaf(view.of(), view.base(), strides));
            }
        }
        return draft.leaf(value, leaf(array, 0, array.broadcastStrides(draft.shape())));
    }

    /** Whether a sum along rows that nobody stored yet is a part of what makes a value an element a row. */
    private boolean sums(Value value) {
        if (!known.test(value) || isStored(arrays.apply(value).slot())) {
            return false;
        }
        Term term = terms.get(value);
        return term instanceof RowSum
                || term instanceof Operation operation
                        && operation.operands().stream().anyMatch(this::sums);
    }

    /** An expression with sums along its rows; null where it has none, or no room. */
    private ExpressionDraft rows(Value value) {
        int[] shape = Lowering32.shape(value);
        if (shape.length < 2 || !WholeRowKernel.holds(shape[shape.length - 1])) {
            return null;
        }
        ExpressionDraft draft = new ExpressionDraft(shape, true);
        boolean made = register(draft, value, true) >= 0 && draft.fits();
        return made && draft.made().stream().anyMatch(ExpressionDraft::sums) ? draft : null;
    }

    /** Which operands to read, in the order in which to try. */
    private static List<List<Value>> stored(List<Value> operands) {
        Value first = operands.getFirst();
        Value last = operands.getLast();
        return first.equals(last)
                ? List.of(List.of(first))
                : List.of(List.of(first), List.of(last), List.of(first, last));
    }

    /** The register of an operation whose operands are made too but for some that are read; -1 where there is no room. */
    private int operation(ExpressionDraft draft, Value value, Operation operation, List<Value> read) {
        int[] registers = new int[2];
        for (int i = 0; i < registers.length; i++) {
            Value operand =
                    operation.operands().get(Math.min(i, operation.operands().size() - 1));
            registers[i] = read.contains(operand) ? read(draft, operand) : register(draft, operand, false);
            if (registers[i] < 0) {
                return -1;
            }
        }
        return draft.operation(value, operation.code(), registers[0], registers[1]);
    }

    private int read(ExpressionDraft draft, Value value) {
        Array32 array = arrays.apply(value);
        boolean plain = draft.known(value) >= 0 || terms.get(value) instanceof Literal || array.whole();
        return plain
                ? register(draft, value, false)
                : draft.leaf(value, leaf(array, 0, array.broadcastStrides(draft.shape())));
    }

    /** An array as it lies, or its rounded form where it is there in no other. */
    private Leaf leaf(Array32 array, int base, int[] strides) {
        Slot narrow = rounded == null ? null : rounded.alone(array.slot());
        return narrow == null ? Leaf.stored(array, base, strides) : Leaf.rounded(narrow, base, strides);
    }

    /** Emits; what was promised on the way is forgotten where the kernel does not take it. */
    private boolean map(ExpressionDraft draft, List<Result> results) {
        boolean done = chain.map(draft, results);
        if (!done && rounded != null) {
            results.forEach(result -> rounded.forget(result.slot()));
        }
        return done;
    }
}
