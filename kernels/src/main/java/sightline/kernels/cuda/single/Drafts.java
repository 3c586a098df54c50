package sightline.kernels.cuda.single;

import java.util.Arrays;
import java.util.List;
import sightline.kernels.cuda.expression.ExpressionDraft;
import sightline.kernels.cuda.expression.ExpressionLeaf;
import sightline.kernels.cuda.expression.WholeRowKernel;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Slot;
import sightline.kernels.cuda.single.Term.Literal;
import sightline.kernels.cuda.single.Term.Operation;
import sightline.kernels.cuda.single.Term.RowSum;
import sightline.kernels.cuda.single.Term.Unpacked;
import sightline.kernels.cuda.single.Term.View;
import sightline.kernels.graph.Value;

/** Puts expressions together: what a value is made of, down to what is stored or was packed. */
final class Drafts {
    private final Terms terms;
    private final Storing storing;
    private final Rounded rounded;

    /** @param rounded operands of products; null where those are exact */
    Drafts(Terms terms, Storing storing, Rounded rounded) {
        this.terms = terms;
        this.storing = storing;
        this.rounded = rounded;
    }

    /** The expression of a value, or null where it has none that a kernel takes. */
    ExpressionDraft draft(Value value) {
        return draft(value, true);
    }

    /** @param expand a value that was written too */
    ExpressionDraft draft(Value value, boolean expand) {
        ExpressionDraft draft = new ExpressionDraft(Lowering32.shape(value));
        return register(draft, value, expand) >= 0 && draft.fits() ? draft : null;
    }

    /** The register that holds a value in the draft, or -1 where there is no room for it. */
    private int register(ExpressionDraft draft, Value value, boolean root) {
        int known = draft.known(value);
        if (known >= 0) {
            return known;
        }
        Term term = terms.term(value);
        if (term instanceof Literal number) {
            return draft.number(value, number.value());
        }
        Array32 array = terms.array(value);
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
            if (made >= 0 && (kept == null || draft.bytesSince(mark) <= Storing.ROUNDED)) {
                return made;
            }
            draft.back(mark);
            // The root is made in any case, of operands that are read where there is no room to make all of them.
            for (List<Value> read : root ? readings(operation.operands()) : List.<List<Value>>of()) {
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
            return draft.leaf(value, ExpressionLeaf.packed(unpacked.packed()));
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
        if (!terms.known(value) || storing.isStored(terms.array(value).slot())) {
            return false;
        }
        Term term = terms.term(value);
        return term instanceof RowSum
                || term instanceof Operation operation
                        && operation.operands().stream().anyMatch(this::sums);
    }

    /** An expression with sums along its rows; null where it has none, or no room. */
    ExpressionDraft rows(Value value) {
        int[] shape = Lowering32.shape(value);
        if (shape.length < 2 || !WholeRowKernel.holds(shape[shape.length - 1])) {
            return null;
        }
        ExpressionDraft draft = new ExpressionDraft(shape, true);
        boolean made = register(draft, value, true) >= 0 && draft.fits();
        return made && draft.made().stream().anyMatch(ExpressionDraft::sums) ? draft : null;
    }

    /** Which operands to read, in the order in which to try. */
    private static List<List<Value>> readings(List<Value> operands) {
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
        Array32 array = terms.array(value);
        boolean plain = draft.known(value) >= 0 || terms.term(value) instanceof Literal || array.whole();
        return plain
                ? register(draft, value, false)
                : draft.leaf(value, leaf(array, 0, array.broadcastStrides(draft.shape())));
    }

    /** An array as it lies, or its rounded form where it is there in no other. */
    private ExpressionLeaf leaf(Array32 array, int base, int[] strides) {
        Slot narrow = rounded == null ? null : rounded.alone(array.slot());
        return narrow == null
                ? ExpressionLeaf.stored(array, base, strides)
                : ExpressionLeaf.rounded(narrow, base, strides);
    }
}
