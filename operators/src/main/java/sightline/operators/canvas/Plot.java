package sightline.operators.canvas;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import javax.imageio.ImageIO;

/**
 * A picture of figures, the same as PNG and as SVG. Immutable; drawn anew for each form.
 *
 * @param width pixels
 * @param height pixels
 * @param title what it shows
 * @param content draws on white ground
 */
public record Plot(int width, int height, String title, Consumer<Canvas> content) {
    private static final int WHITE = 0xffffff;

    public String svg() {
        SvgCanvas canvas = new SvgCanvas(width, height, title);
        canvas.fill(
                List.of(new double[] {0, 0}, new double[] {width, 0}, new double[] {width, height}, new double[] {
                    0, height
                }),
                WHITE,
                1);
        content.accept(canvas);
        return canvas.finish();
    }

    public BufferedImage image() {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D ground = image.createGraphics();
        ground.setColor(Color.WHITE);
        ground.fillRect(0, 0, width, height);
        ground.dispose();
        try (RasterCanvas canvas = new RasterCanvas(image)) {
            content.accept(canvas);
        }
        return image;
    }

    /**
     * Whether a file's name ends in .png or .svg, to be asked before the work that the plot shows.
     *
     * @throws IllegalArgumentException for any other end
     */
    public static void check(Path file) {
        if (!ends(file, ".png") && !ends(file, ".svg")) {
            throw new IllegalArgumentException("a plot is .png or .svg, and " + file + " is neither");
        }
    }

    /** Writes PNG or SVG, by the end of the file's name; any other is refused like by {@link #check}. */
    public void write(Path file) throws IOException {
        check(file);
        if (ends(file, ".svg")) {
            Files.writeString(file, svg());
            return;
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            ImageIO.write(image(), "png", out);
        }
    }

    private static boolean ends(Path file, String end) {
        return file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(end);
    }
}
