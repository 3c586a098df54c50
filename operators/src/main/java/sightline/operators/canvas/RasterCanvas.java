package sightline.operators.canvas;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.List;

/** Draws on an image. */
public final class RasterCanvas implements Canvas, AutoCloseable {
    private final Graphics2D graphics;

    public RasterCanvas(BufferedImage image) {
        graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    }

    @Override
    public void fill(List<double[]> polygon, int colour, double alpha) {
        if (polygon.size() > 2) {
            graphics.setColor(colour(colour, alpha));
            graphics.fill(path(polygon, true));
        }
    }

    @Override
    public void stroke(List<double[]> points, boolean closed, double width, int colour, double alpha) {
        if (points.size() > 1) {
            graphics.setColor(colour(colour, alpha));
            graphics.setStroke(new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
            graphics.draw(path(points, closed));
        }
    }

    @Override
    public void disc(double x, double y, double radius, int colour, double alpha) {
        graphics.setColor(colour(colour, alpha));
        graphics.fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
    }

    @Override
    public void text(double x, double y, double size, String text, int colour) {
        graphics.setColor(colour(colour, 1));
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 1).deriveFont((float) size));
        graphics.drawString(text, (float) x, (float) y);
    }

    @Override
    public void close() {
        graphics.dispose();
    }

    private static Path2D path(List<double[]> points, boolean closed) {
        Path2D path = new Path2D.Double();
        path.moveTo(points.getFirst()[0], points.getFirst()[1]);
        for (double[] point : points.subList(1, points.size())) {
            path.lineTo(point[0], point[1]);
        }
        if (closed) {
            path.closePath();
        }
        return path;
    }

    private static Color colour(int rgb, double alpha) {
        return new Color(rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255, (int) Math.round(255 * alpha));
    }
}
