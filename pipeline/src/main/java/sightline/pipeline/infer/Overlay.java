package sightline.pipeline.infer;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import sightline.config.domain.Detection;
import sightline.config.domain.Keypoint;
import sightline.config.domain.Mask;
import sightline.config.domain.Pixels;
import sightline.config.domain.Pose;
import sightline.config.domain.Segmentation;

/** Draws what was found over the picture in which it was found. */
public final class Overlay {
    private static final double JOINT_SCORE = 0.2;

    private Overlay() {}

    public static BufferedImage of(Pixels pixels, Finding finding) {
        BufferedImage image = image(pixels);
        finding.segmentation().ifPresent(s -> tint(image, s));
        for (int i = 0; i < finding.masks().size(); i++) {
            tint(image, finding.masks().get(i), hue(i));
        }
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        float width = Math.max(1.5f, image.getWidth() / 400f);
        g.setStroke(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, Math.round(width * 6)));
        finding.detections().forEach(d -> box(g, d));
        for (int i = 0; i < finding.poses().size(); i++) {
            pose(g, finding.poses().get(i), finding.skeleton().limbs(), hue(i), width);
        }
        g.dispose();
        return image;
    }

    private static BufferedImage image(Pixels pixels) {
        BufferedImage image = new BufferedImage(pixels.width(), pixels.height(), BufferedImage.TYPE_INT_RGB);
        byte[] row = new byte[3 * pixels.width()];
        int[] rgb = new int[pixels.width()];
        for (int y = 0; y < pixels.height(); y++) {
            MemorySegment.copy(pixels.data(), ValueLayout.JAVA_BYTE, (long) y * pixels.stride(), row, 0, row.length);
            for (int x = 0; x < rgb.length; x++) {
                rgb[x] = (row[3 * x] & 255) << 16 | (row[3 * x + 1] & 255) << 8 | row[3 * x + 2] & 255;
            }
            image.setRGB(0, y, rgb.length, 1, rgb, 0, rgb.length);
        }
        return image;
    }

    private static void tint(BufferedImage image, Segmentation s) {
        for (int y = 0; y < image.getHeight(); y++) {
            int row = y * s.height() / image.getHeight() * s.width();
            for (int x = 0; x < image.getWidth(); x++) {
                Color colour = hue(s.labels()[row + x * s.width() / image.getWidth()] & 255);
                image.setRGB(x, y, blend(image.getRGB(x, y), colour.getRGB()));
            }
        }
    }

    private static void tint(BufferedImage image, Mask mask, Color colour) {
        for (int i = mask.pixels().nextSetBit(0); i >= 0; i = mask.pixels().nextSetBit(i + 1)) {
            int x = mask.x() + i % mask.width();
            int y = mask.y() + i / mask.width();
            image.setRGB(x, y, blend(image.getRGB(x, y), colour.getRGB()));
        }
    }

    private static int blend(int a, int b) {
        return (a >> 1 & 0x7f7f7f) + (b >> 1 & 0x7f7f7f);
    }

    private static void box(Graphics2D g, Detection d) {
        g.setColor(hue(d.label().ordinal()));
        g.draw(new Rectangle2D.Double(
                d.box().x(), d.box().y(), d.box().width(), d.box().height()));
        g.drawString(
                String.format(Locale.ROOT, "%s %.2f", d.label().label(), d.score()),
                (float) d.box().x(),
                (float) d.box().y() - 3);
    }

    private static void pose(Graphics2D g, Pose pose, int[][] limbs, Color colour, float width) {
        g.setColor(colour);
        for (int[] limb : limbs) {
            Keypoint a = pose.keypoints().get(limb[0]);
            Keypoint b = pose.keypoints().get(limb[1]);
            if (a.score() > JOINT_SCORE && b.score() > JOINT_SCORE) {
                g.draw(new Line2D.Double(a.u(), a.v(), b.u(), b.v()));
            }
        }
        g.setColor(Color.WHITE);
        for (Keypoint k : pose.keypoints()) {
            if (k.score() > JOINT_SCORE) {
                g.fill(new Ellipse2D.Double(k.u() - width, k.v() - width, 2 * width, 2 * width));
            }
        }
    }

    private static Color hue(int index) {
        return Color.getHSBColor((index * 0.381966f) % 1, 0.85f, 0.95f);
    }
}
