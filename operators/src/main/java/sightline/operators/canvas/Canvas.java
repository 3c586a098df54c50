package sightline.operators.canvas;

import java.util.List;

/** What schematics and plots are drawn on: pixels or SVG. One thread at a time. Colours are 0xRRGGBB, points {x, y} in pixels, alpha 0..1. */
public interface Canvas {
    void fill(List<double[]> polygon, int colour, double alpha);

    void stroke(List<double[]> points, boolean closed, double width, int colour, double alpha);

    void disc(double x, double y, double radius, int colour, double alpha);

    /** Anchored at the left end of the base line. */
    void text(double x, double y, double size, String text, int colour);
}
