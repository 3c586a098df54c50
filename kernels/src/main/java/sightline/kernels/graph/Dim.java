package sightline.kernels.graph;

import java.util.Map;

/** One dimension of a shape: a number, a name to be bound later, or an expression of those. */
public sealed interface Dim {

    /** A known length. */
    record Fixed(long length) implements Dim {
        public Fixed {
            if (length < 0) {
                throw new GraphException("A dimension cannot be " + length + " long");
            }
        }

        @Override
        public String toString() {
            return Long.toString(length);
        }
    }

    /** A length that is bound when the graph is compiled, such as {@code batch}. */
    record Named(String name) implements Dim {
        @Override
        public String toString() {
            return name;
        }
    }

    /** {@code left op right}, kept until both sides are known. */
    record Derived(Operator operator, Dim left, Dim right) implements Dim {
        @Override
        public String toString() {
            return "(" + left + operator.sign + right + ")";
        }
    }

    /** Integer arithmetic on lengths. */
    enum Operator {
        PLUS("+"),
        MINUS("-"),
        TIMES("*"),
        /** Floor division. */
        OVER("/");

        private final String sign;

        Operator(String sign) {
            this.sign = sign;
        }

        private long on(long left, long right) {
            return switch (this) {
                case PLUS -> Math.addExact(left, right);
                case MINUS -> left - right;
                case TIMES -> Math.multiplyExact(left, right);
                case OVER -> Math.floorDiv(left, right);
            };
        }
    }

    static Dim of(long length) {
        return new Fixed(length);
    }

    static Dim named(String name) {
        return new Named(name);
    }

    default boolean isKnown() {
        return this instanceof Fixed;
    }

    /** The length, or a {@link GraphException} where it is still symbolic. */
    default long length() {
        if (this instanceof Fixed fixed) {
            return fixed.length;
        }
        throw new GraphException("Dimension " + this + " is symbolic here: bind the graph first");
    }

    default Dim plus(long other) {
        return derive(Operator.PLUS, of(Math.abs(other)), other < 0);
    }

    default Dim plus(Dim other) {
        return derive(Operator.PLUS, other, false);
    }

    default Dim times(Dim other) {
        return derive(Operator.TIMES, other, false);
    }

    default Dim times(long other) {
        return derive(Operator.TIMES, of(other), false);
    }

    /** Floor division. */
    default Dim over(long other) {
        return derive(Operator.OVER, of(other), false);
    }

    default Dim over(Dim other) {
        return derive(Operator.OVER, other, false);
    }

    private Dim derive(Operator asked, Dim other, boolean negative) {
        Operator operator = negative ? Operator.MINUS : asked;
        if (this instanceof Fixed && other instanceof Fixed) {
            return of(operator.on(length(), other.length()));
        }
        boolean additive = operator == Operator.PLUS || operator == Operator.MINUS;
        if (other.equals(of(additive ? 0 : 1))) {
            return this;
        }
        if (operator == Operator.TIMES && equals(of(1))) {
            return other;
        }
        if (operator == Operator.OVER && equals(other)) {
            return of(1);
        }
        return new Derived(operator, this, other);
    }

    /** This dimension with the given names replaced; names that are not given stay. */
    default Dim bind(Map<String, Long> lengths) {
        return switch (this) {
            case Fixed fixed -> fixed;
            case Named named -> lengths.containsKey(named.name()) ? of(lengths.get(named.name())) : this;
            case Derived derived ->
                derived.left()
                        .bind(lengths)
                        .derive(derived.operator(), derived.right().bind(lengths), false);
        };
    }
}
