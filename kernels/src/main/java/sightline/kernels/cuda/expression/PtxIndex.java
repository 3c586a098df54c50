package sightline.kernels.cuda.expression;

import java.util.HashMap;
import java.util.Map;
import sightline.kernels.cuda.program.Strided;

/**
 * An index over some axes, and where it stands in arrays that walk these axes in strides of their own. Divisions are by
 * constants, each made once: shifts, or the high half of a product (Granlund and Montgomery 1994).
 */
final class PtxIndex {
    private final Ptx ptx;
    private final String index;
    private final int[] shape;
    private final Map<Integer, String> quotients = new HashMap<>();
    private final Map<String, String> places = new HashMap<>();

    /** @param index a register with an index below the product of the lengths */
    PtxIndex(Ptx ptx, String index, int[] shape) {
        this.ptx = ptx;
        this.index = index;
        this.shape = shape;
    }

    /** How far an array goes on with each index where that is always as far; -1 where it is not. */
    static int step(int[] shape, int[] strides) {
        Strided walk = Strided.of(shape, strides);
        return walk.shape().length == 0 ? 0 : walk.shape().length == 1 ? walk.strides()[0][0] : -1;
    }

    /** The element of an array, added to what is given (null is none); null where that is none. */
    String offset(int[] strides, String before) {
        Strided walk = Strided.of(shape, strides);
        String offset = before;
        int inner = 1;
        for (int axis = walk.last(); axis >= 0; axis--) {
            int stride = walk.strides()[0][axis];
            if (stride != 0) {
                String place = place(inner, axis == 0 ? 0 : walk.shape()[axis]);
                offset = offset == null && stride == 1
                        ? place
                        : ptx.word("mad.lo.s32", place, stride, offset == null ? 0 : offset);
            }
            inner *= walk.shape()[axis];
        }
        return offset;
    }

    /** The index along an axis that has so many elements behind it; length 0 is the first axis. */
    private String place(int inner, int length) {
        if (length == 0) {
            return quotient(inner);
        }
        return places.computeIfAbsent(inner + ":" + length, key -> {
            if (Integer.bitCount(length) == 1) {
                return ptx.word("and.b32", quotient(inner), length - 1);
            }
            String outer = quotient(inner * length);
            return ptx.word("mad.lo.s32", outer, -length, quotient(inner));
        });
    }

    private String quotient(int divisor) {
        if (divisor == 1) {
            return index;
        }
        String known = quotients.get(divisor);
        if (known == null) {
            known = divided(divisor);
            quotients.put(divisor, known);
        }
        return known;
    }

    private String divided(int divisor) {
        int bits = Chain32.bits(divisor);
        if (Integer.bitCount(divisor) == 1) {
            return ptx.word("shr.u32", index, bits);
        }
        String high = ptx.word("mul.hi.u32", index, Integer.toUnsignedString(Chain32.magic(divisor)));
        return bits == 1 ? high : ptx.word("shr.u32", high, bits - 1);
    }
}
