package sightline.operators.candidates;

/** The three uses of a convolution y = x * w in a training step. */
enum Pass {
    /** y from x and w. */
    FORWARD,
    /** The gradient for x from that of y and w. */
    INPUT,
    /** The gradient for w from that of y and x. */
    WEIGHT
}
