package sightline.kernels.cuda.single;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.cuda.program.Slot;

/**
 * Arrays rounded to bfloat16: operands of products, once for all products that read them, and results of products and expressions
 * that only such kernels read as take them rounded. The array itself is then made only if another kernel names it after all.
 */
public final class Rounded {
    private static final int EIGHT = 8;

    private final Emitter emitter;
    private final Map<Slot, Slot> copies = new HashMap<>();
    private final Set<Slot> allowed = new HashSet<>();

    public Rounded(Emitter emitter) {
        this.emitter = emitter;
    }

    /**
     * The rounded copy of what a slot holds. Parameters have one that is written where they are; a state whose writer knows of
     * none is rounded anew for each product.
     */
    Slot of(Slot wide, int size) {
        if (wide.kind() == Slot.Kind.STATE) {
            Slot kept = emitter.kept(wide, size, copy -> round(wide, copy, size));
            return kept == null ? rounded(wide, size) : kept;
        }
        // Making one may make others on the way.
        Slot known = copies.get(wide);
        if (known == null) {
            known = wide.kind() == Slot.Kind.CONSTANT ? emitter.once(() -> rounded(wide, size)) : rounded(wide, size);
            copies.put(wide, known);
        }
        return known;
    }

    /** Where to write the rounded copy of what is about to be written; null where one is there. */
    Slot along(Slot wide, int size) {
        if (copies.containsKey(wide)) {
            return null;
        }
        Slot copy = emitter.room(2L * size);
        copies.put(wide, copy);
        return copy;
    }

    /** Forgets a copy that was not written after all. */
    void forget(Slot copy) {
        copies.values().remove(copy);
    }

    /** Says that all which reads an array takes it rounded, so that it need not be stored otherwise. */
    public void allow(Slot result) {
        allowed.add(result);
    }

    /** Where a product shall store its rounded result; null where the array itself is wanted. */
    Slot instead(Slot result, int size) {
        if (!allowed.contains(result)) {
            return null;
        }
        Slot copy = along(result, size);
        result.await(new Slot.Writer() {
            @Override
            public void write(Slot slot) {
                Params params = new Params().slot(copy).slot(slot).int32(size);
                emitter.each("rounding", "from_bfloat16", (size + EIGHT - 1) / EIGHT, params, size, 6.0 * size);
            }

            @Override
            public boolean narrow(Slot slot, Slot to) {
                return false;
            }

            @Override
            public Slot turned(int count, int rows, int columns) {
                return null;
            }
        });
        return copy;
    }

    /** The rounded form of an array that was not made itself, made where that is to live rounded; or null. */
    Slot alone(Slot wide) {
        if (!wide.awaits()) {
            return null;
        }
        Slot known = copies.get(wide);
        if (known == null && allowed.contains(wide)) {
            Slot copy = emitter.room(wide.bytes() / 2);
            if (wide.narrow(copy)) {
                copies.put(wide, copy);
                known = copy;
            }
        }
        return known;
    }

    /** Whether an array is there in its rounded form alone. */
    boolean has(Slot wide) {
        return wide.awaits() && copies.containsKey(wide);
    }

    /** The rounded form of an array that lives so alone and was made, or null. */
    Slot kept(Slot wide) {
        return wide.awaits() && allowed.contains(wide) ? copies.get(wide) : null;
    }

    /** The rounded form that is there once something reads an array, for what takes either; or null. */
    Slot either(Slot wide) {
        Slot alone = alone(wide);
        if (alone != null) {
            return alone;
        }
        wide.need();
        return copies.get(wide);
    }

    private Slot rounded(Slot wide, int size) {
        Slot copy = emitter.room(2L * size);
        if (wide.narrow(copy)) {
            return copy;
        }
        round(wide, copy, size);
        return copy;
    }

    private void round(Slot wide, Slot copy, int size) {
        Params params = new Params().slot(wide).slot(copy).int32(size);
        emitter.each("rounding", "to_bfloat16", (size + EIGHT - 1) / EIGHT, params, size, 6.0 * size);
    }
}
