package sightline.kernels.cuda.single;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import sightline.kernels.cuda.expression.Chain32;
import sightline.kernels.cuda.expression.ExpressionDraft;
import sightline.kernels.cuda.expression.ExpressionResult;
import sightline.kernels.cuda.expression.WholeRows;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.ExpressionKernel;
import sightline.kernels.cuda.program.Packed;
import sightline.kernels.cuda.program.Slot;
import sightline.kernels.cuda.single.Term.Operation;
import sightline.kernels.cuda.single.Term.RowSum;
import sightline.kernels.cuda.single.Term.Unpacked;
import sightline.kernels.cuda.single.Term.View;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Value;

/**
 * Elementwise work that is put off until something reads it, then done as one expression: operations, packed activations and
 * strided views wait as terms, and a kernel that names the slot of one has it written first. What reads a value through here
 * instead (another operation, a sum, a product's rounded operand, packing) computes it without its being written at all.
 *
 * <p>What is costly to read again and wanted elsewhere too is written on the way. Confined to the compiling thread.
 */
final class Expressions {
    /** Smaller arrays are rounded where a product wants it. */
    static final int LARGE = 1 << 14;

    private final Chain32 chain;
    private final WholeRows whole;
    private final Rounded rounded;
    private final Terms terms;
    private final Storing storing;
    private final Drafts drafts;
    private final Eager eager;
    private final Map<Slot, Value> owners = new HashMap<>();

    /** How a term is written where no expression can: one operation at a time. */
    interface Eager {
        void operation(Operation operation, List<Array32> operands, Array32 out);

        void view(View view, Array32 out);

        void sum(RowSum sum, Array32 operand, Array32 out);

        void unpack(Packed packed, Array32 out);
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
        this.rounded = rounded;
        this.eager = eager;
        this.terms = new Terms(arrays, known);
        this.storing = new Storing(terms, rounded, graph, bearsRounding);
        this.drafts = new Drafts(terms, storing, rounded);
        this.whole = new WholeRows(emitter, chain, drafts::rows);
    }

    /** An array for a term, written when a kernel first names its slot. */
    Array32 put(Value value, Term term, Array32 unwritten) {
        terms.put(value, term);
        owners.put(unwritten.slot(), value);
        if (storing.narrows(value)) {
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
        Slot slot = terms.array(value).slot();
        if (rounded != null && rounded.has(slot)) {
            owners.putIfAbsent(slot, value);
        }
    }

    /** Tells of a value that also has an array of its own. */
    void also(Value value, Term term) {
        terms.put(value, term);
    }

    Term term(Value value) {
        return terms.term(value);
    }

    boolean waits(Value value) {
        return terms.waits(value);
    }

    /** Whether a product reads a value as it is. */
    boolean feedsProduct(Value value) {
        return storing.feedsProduct(value);
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
                eager.sum(sum, terms.array(sum.operand()), out);
            }
            return;
        }
        Operation operation = (Operation) term;
        if (!whole.emit(value, () -> stores(value, out))) {
            eager.operation(
                    operation, operation.operands().stream().map(terms::array).toList(), out);
        }
    }

    private boolean stores(Value value, Array32 out) {
        ExpressionDraft draft = drafts.draft(value);
        if (draft == null || draft.operations() == 1 && draft.plain()) {
            return false;
        }
        List<ExpressionResult> results = new ArrayList<>();
        floats(value, out, draft, results);
        written(draft, value, results);
        return map(draft, results);
    }

    /** Copies a view that a product reads, rounding it for that in the same pass; false where a plain copy serves. */
    private boolean copied(Value value, Array32 out) {
        boolean wanted = rounded != null && out.size() >= LARGE && !out.whole() && feedsProduct(value);
        ExpressionDraft draft = wanted ? drafts.draft(value) : null;
        if (draft == null || draft.leaves().getFirst().slot() == out.slot()) {
            return false;
        }
        List<ExpressionResult> results = new ArrayList<>();
        floats(value, out, draft, results);
        return map(draft, results);
    }

    /** Adds the array as it is to be stored where nothing asks for more. */
    private void stored(Value value, Array32 array, ExpressionDraft draft, List<ExpressionResult> results) {
        if (!storing.narrows(value)) {
            floats(value, array, draft, results);
            return;
        }
        Slot copy = rounded.along(array.slot(), array.size());
        if (copy != null) {
            results.add(ExpressionResult.narrow(copy, draft, value));
        }
    }

    /** Adds the array, and beside it what products read of it. */
    private void floats(Value value, Array32 array, ExpressionDraft draft, List<ExpressionResult> results) {
        results.add(ExpressionResult.floats(array.slot(), draft, value));
        boolean room = rounded != null && results.size() < ExpressionKernel.RESULTS && array.size() >= LARGE;
        Slot copy = room && feedsProduct(value) ? rounded.along(array.slot(), array.size()) : null;
        if (copy != null) {
            results.add(ExpressionResult.narrow(copy, draft, value));
        }
    }

    /** Adds what is worth writing on the way, once it is known what others made of it. */
    private void written(ExpressionDraft draft, Value root, List<ExpressionResult> results) {
        draft.leaves().forEach(leaf -> leaf.slot().need());
        for (Value inner : draft.inner()) {
            boolean wanted = inner != root
                    && results.size() < ExpressionKernel.RESULTS
                    && storing.costly(inner, draft, storing.outside(inner, draft), 1)
                    && terms.array(inner).slot().awaits();
            if (wanted) {
                stored(inner, terms.array(inner), draft, results);
            }
        }
    }

    /** Writes the rounded form; false where only the array itself can be written. */
    private boolean narrow(Value value, Array32 array, Slot to) {
        return whole.emit(value, () -> rounds(value, array, to));
    }

    private boolean rounds(Value value, Array32 array, Slot to) {
        ExpressionDraft draft = drafts.draft(value);
        if (draft == null) {
            return false;
        }
        List<ExpressionResult> results = new ArrayList<>(List.of(ExpressionResult.narrow(to, draft, value)));
        if (!storing.narrows(value) && storing.worthWriting(value, draft)) {
            results.add(ExpressionResult.floats(array.slot(), draft, value));
        }
        written(draft, value, results);
        return map(draft, results);
    }

    /** Packs what waits in groups of 16; null where it must be written first. */
    Packed pack(Array32 rows, EightBits32 packing) {
        Value value = owners.get(rows.slot());
        if (value == null || !rows.slot().awaits() || rows.dim(0) == 1) {
            return null;
        }
        ExpressionDraft draft = drafts.draft(value);
        if (draft == null || rows.size() % Packed.GROUP != 0) {
            return null;
        }
        Packed packed = packing.room(rows);
        return whole.emit(value, () -> packs(value, rows, packed)) ? packed : null;
    }

    private boolean packs(Value value, Array32 rows, Packed packed) {
        ExpressionDraft draft = drafts.draft(value);
        List<ExpressionResult> results = new ArrayList<>(List.of(ExpressionResult.packed(packed, draft, value)));
        if (storing.worthWriting(value, draft)) {
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
        ExpressionDraft draft = drafts.draft(value);
        return draft != null
                && chain.map(draft, List.of(ExpressionResult.part(part.slot(), base, strides, draft, value)));
    }

    /** Reduces what may wait, along trailing axes or down a stretch of them; false where another way must be taken. */
    boolean reduce(Value value, boolean[] reduced, int op, Array32 out) {
        return reduce(value, null, reduced, op, out);
    }

    private boolean reduce(Value value, Value sum, boolean[] reduced, int op, Array32 out) {
        Array32 array = terms.array(value);
        if (!array.slot().awaits() && array.size() < LARGE) {
            return false;
        }
        ExpressionDraft draft = drafts.draft(value, !storing.isStored(array.slot()));
        // A sum itself stores nothing, so what others want too is stored first.
        for (Value wanted = storing.wanted(value, draft); wanted != null; wanted = storing.wanted(value, draft)) {
            storing.store(terms.array(wanted).slot(), wanted);
            draft = drafts.draft(value, !storing.isStored(array.slot()));
        }
        return draft != null && chain.reduce(draft, value, sum, reduced, op, out);
    }

    /** Emits; what was promised on the way is forgotten where the kernel does not take it. */
    private boolean map(ExpressionDraft draft, List<ExpressionResult> results) {
        boolean done = chain.map(draft, results);
        if (!done && rounded != null) {
            results.forEach(result -> rounded.forget(result.slot()));
        }
        return done;
    }
}
