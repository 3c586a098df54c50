package sightline.kernels.cuda.single;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.single.Term.Literal;
import sightline.kernels.graph.Value;

/** What values are as long as nobody wrote them, and the arrays that they have or will have. */
final class Terms {
    private final Map<Value, Term> terms = new HashMap<>();
    private final Function<Value, Array32> arrays;
    private final Predicate<Value> known;

    /**
     * @param arrays where values live that were lowered
     * @param known which do
     */
    Terms(Function<Value, Array32> arrays, Predicate<Value> known) {
        this.arrays = arrays;
        this.known = known;
    }

    void put(Value value, Term term) {
        terms.put(value, term);
    }

    /** Null of what has none. */
    Term term(Value value) {
        return terms.get(value);
    }

    Array32 array(Value value) {
        return arrays.apply(value);
    }

    /** Whether a value has an array yet. */
    boolean known(Value value) {
        return known.test(value);
    }

    /** Whether a value is yet to be written, or never will be. */
    boolean waits(Value value) {
        return terms.containsKey(value)
                && !(terms.get(value) instanceof Literal)
                && array(value).slot().awaits();
    }
}
