package sightline.operators.rules;

/**
 * What is known of a proposition: how credible it is that it holds, and how far it must. In possibility theory necessity
 * is one minus the possibility of the opposite, so one of {@code possibility == 1} and {@code necessity == 0} holds for a
 * normalised source (Dubois and Prade, Possibility Theory, 1988).
 *
 * @param possibility 0..1
 * @param necessity 0..1, at most the possibility
 */
public record Credence(double possibility, double necessity) {
    /** Nothing known: it may hold and it may not. */
    public static final Credence UNKNOWN = new Credence(1, 0);

    public static final Credence FALSE = new Credence(0, 0);
    public static final Credence TRUE = new Credence(1, 1);

    /** Both hold, by the minimum, which needs no independence. */
    public Credence and(Credence other) {
        return new Credence(Math.min(possibility, other.possibility), Math.min(necessity, other.necessity));
    }

    /** It does not hold. */
    public Credence not() {
        return new Credence(1 - necessity, 1 - possibility);
    }
}
