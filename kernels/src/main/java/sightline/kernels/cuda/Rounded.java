package sightline.kernels.cuda;

import java.util.HashMap;
import java.util.Map;

/** Operands of products rounded to bfloat16, once for all products that read them. */
final class Rounded {
    private static final int EIGHT = 8;

    private final Emitter emitter;
    private final Map<Slot, Slot> copies = new HashMap<>();

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
