package sightline.operators.depict;

/**
 * The terms on which a picture is made.
 *
 * @param width pixels
 * @param height pixels
 * @param seed of all randomness
 * @param budgetMillis compute that may be spent, milliseconds of one core
 * @param deadlineNanos wall clock after which nobody waits any more
 */
public record Sitting(int width, int height, long seed, long budgetMillis, long deadlineNanos) {
    private static final int LARGEST = 4096;

    public Sitting {
        if (width < 16 || height < 16 || width > LARGEST || height > LARGEST) {
            throw new IllegalArgumentException(
                    "a depiction of " + width + "x" + height + " pixels is outside 16.." + LARGEST + " a side");
        }
    }
}
