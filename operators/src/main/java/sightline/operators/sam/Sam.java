package sightline.operators.sam;

import java.util.List;
import sightline.operators.efficientvit.LargeStages;
import sightline.operators.efficientvit.LargeStages.Kind;
import sightline.operators.efficientvit.LargeStages.Stage;
import sightline.operators.efficientvit.Variant;

/** The sizes of EfficientViT-SAM. Prompts live in a frame of 1024 pixels whatever the encoder's input is. */
public enum Sam {
    L0(512, Variant.L0, 4, 1),
    L1(512, Variant.L1, 8, 1),
    L2(512, Variant.L2, 12, 1),
    XL0(1024, List.of(0, 1, 1, 2, 3, 3), 6, 4),
    XL1(1024, List.of(1, 2, 2, 4, 6, 6), 12, 4);

    /** Side of the frame in which prompts are given, pixels. */
    public static final int PROMPT_FRAME = 1024;

    /** Channels of embeddings and tokens. */
    static final int WIDTH = 256;

    /** Every norm of the network: SAM's construction rewrites it. */
    static final double EPSILON = 1e-6;

    private final int input;
    private final Variant variant;
    private final List<Integer> extraDepths;
    private final int neckDepth;
    private final int neckExpand;

    Sam(int input, Variant variant, int neckDepth, int neckExpand) {
        this.input = input;
        this.variant = variant;
        this.extraDepths = List.of();
        this.neckDepth = neckDepth;
        this.neckExpand = neckExpand;
    }

    Sam(int input, List<Integer> extraDepths, int neckDepth, int neckExpand) {
        this.input = input;
        this.variant = null;
        this.extraDepths = extraDepths;
        this.neckDepth = neckDepth;
        this.neckExpand = neckExpand;
    }

    /** Side of the encoder's input, pixels. */
    public int input() {
        return input;
    }

    int neckDepth() {
        return neckDepth;
    }

    int neckExpand() {
        return neckExpand;
    }

    /** The official L backbone, or {@code null} for the XL sizes. */
    Variant variant() {
        return variant;
    }

    /** The six stages of the XL backbones. */
    LargeStages extraLarge() {
        int[] widths = {32, 64, 128, 256, 512, 1024};
        Kind[] kinds = {Kind.DENSE, Kind.FUSED, Kind.FUSED, Kind.FUSED, Kind.ATTENTION, Kind.ATTENTION};
        int[] expand = {1, 4, 4, 4, 4, 6};
        Stage[] stages = new Stage[6];
        for (int s = 0; s < 6; s++) {
            stages[s] = new Stage(widths[s], extraDepths.get(s), kinds[s], expand[s], s > 3, 3);
        }
        return new LargeStages(List.of(stages), 32);
    }
}
