package sightline.operators.litepose;

/**
 * The searched sizes of LitePose (official {@code mobile_configs}).
 */
public enum Size {
    XS(256, 16, new int[] {16, 24, 24}, new int[] {16, 32, 48, 80}),
    S(448, 16, new int[] {32, 24, 32}, new int[] {16, 32, 48, 120}),
    M(448, 16, new int[] {64, 40, 32}, new int[] {24, 48, 72, 120}),
    L(512, 24, new int[] {64, 40, 32}, new int[] {24, 64, 96, 160});

    private final int input;
    private final int first;
    private final int[] deconvolutions;
    private final int[] stages;

    Size(int input, int first, int[] deconvolutions, int[] stages) {
        this.input = input;
        this.first = first;
        this.deconvolutions = deconvolutions;
        this.stages = stages;
    }

    /** Shorter side of the input, pixels. */
    public int input() {
        return input;
    }

    /** Channels of the stem. */
    public int first() {
        return first;
    }

    /** Channels of the three deconvolutions. */
    public int deconvolution(int level) {
        return deconvolutions[level];
    }

    /** Channels of the four stages. */
    public int stage(int stage) {
        return stages[stage];
    }
}
