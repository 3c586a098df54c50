package sightline.operators.recipe;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/** A loss over the steps of a run as a picture: the raw values faint, their moving average strong. */
final class CurvePicture {
    private static final int WIDTH = 800;
    private static final int HEIGHT = 400;
    private static final int MARGIN = 40;

    private CurvePicture() {}

    static void write(Path png, List<Double> losses) throws IOException {
        var image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, WIDTH, HEIGHT);
        g.setColor(Color.LIGHT_GRAY);
        g.drawRect(MARGIN, MARGIN, WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN);
        double top = losses.stream()
                .skip(losses.size() / 50)
                .mapToDouble(x -> x)
                .max()
                .orElse(1);
        double[] smooth = new double[losses.size()];
        double average = losses.isEmpty() ? 0 : losses.getFirst();
        for (int i = 0; i < smooth.length; i++) {
            average += 0.05 * (losses.get(i) - average);
            smooth[i] = average;
        }
        g.setColor(new Color(0xb0c4de));
        g.draw(line(losses.stream().mapToDouble(x -> x).toArray(), top));
        g.setColor(new Color(0x1f4e79));
        g.setStroke(new BasicStroke(2));
        g.draw(line(smooth, top));
        g.dispose();
        ImageIO.write(image, "png", png.toFile());
    }

    private static Path2D line(double[] values, double top) {
        var path = new Path2D.Double();
        for (int i = 0; i < values.length; i++) {
            double x = MARGIN + (WIDTH - 2.0 * MARGIN) * i / Math.max(1, values.length - 1);
            double y = HEIGHT - MARGIN - (HEIGHT - 2.0 * MARGIN) * Math.min(1, values[i] / top);
            if (i == 0) {
                path.moveTo(x, y);
            } else {
                path.lineTo(x, y);
            }
        }
        return path;
    }
}
