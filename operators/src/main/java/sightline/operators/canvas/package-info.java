/** One set of strokes for two kinds of picture: pixels and SVG. Schematics and plots are drawn on it. */
package sightline.operators.canvas;
