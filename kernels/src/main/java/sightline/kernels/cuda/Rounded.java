package sightline.kernels.cuda;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Arrays rounded to bfloat16: operands of products, once for all products that read them, and results of products that only
 * such kernels read as take them rounded. The array itself is then made only if another kernel names it after all.
 */
final class Rounded {
    private static final int EIGHT = 8;

    private final Emitter emitter;
    private final Map<Slot, Slot> copies = new HashMap<>();
    private final Set<Slot> allowed = new HashSet<>();

    Rounded(Emitter emitter) {
        this.emitter = emitter;
    }

    /** The rounded copy of what a slot holds. Parameters are rounded anew for each product rather than kept twice. */
    Slot of(Slot wide, int size) {
        if (wide.kind() == Slot.Kind.STATE) {
            return rounded(wide, size);
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

    /** Says that a product may store its result rounded alone. */
    void allow(Slot result) {
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
                emitter.each("product_wide", "from_bfloat16", (size + EIGHT - 1) / EIGHT, params, size, 6.0 * size);
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

    /** The rounded form of an array that was not made itself, or null. */
    Slot alone(Slot wide) {
        return wide.awaits() ? copies.get(wide) : null;
    }

    private Slot rounded(Slot wide, int size) {
        Slot copy = emitter.room(2L * size);
        if (wide.narrow(copy)) {
            return copy;
        }
        Params params = new Params().slot(wide).slot(copy).int32(size);
        emitter.each("product_wide", "to_bfloat16", (size + EIGHT - 1) / EIGHT, params, size, 6.0 * size);
        return copy;
    }
}
