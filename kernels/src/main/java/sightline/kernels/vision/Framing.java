package sightline.kernels.vision;

/** How a picture becomes a network's input, and how places in the input map back to the picture. */
public sealed interface Framing permits Placement, CentredWarp {
    /** Of the picture, pixels. */
    int sourceWidth();

    /** Of the picture, pixels. */
    int sourceHeight();

    /** Columns of the input that are computed; those to the right are padding. */
    int width();

    /** Rows of the input that are computed; those below are padding. */
    int height();

    int inputWidth();

    int inputHeight();

    /** The picture's column of a place in the input. */
    double toSourceX(double x);

    /** The picture's row of a place in the input. */
    double toSourceY(double y);

    /** Sources of each computed column. */
    Resampling.Taps across(Resampling resampling);

    /** Sources of each computed row. */
    Resampling.Taps down(Resampling resampling);
}
