package sightline.pipeline.web;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import sightline.config.domain.Box;
import sightline.config.domain.Detection;
import sightline.config.domain.Detections;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.ImagePoint;
import sightline.config.domain.Keypoint;
import sightline.config.domain.ObjectClass;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.domain.Pose;
import sightline.config.domain.Poses;
import sightline.config.domain.Segmentation;
import sightline.config.domain.Skeleton;
import sightline.config.site.SensorSpec;
import sightline.sensors.geometry.CameraModel;
import sightline.sensors.geometry.PixelPoint;
import sightline.sensors.geometry.WorldPoint;

/** Draws what a camera of the plaza would see, with boxes, poses and a label map that fit the picture. */
final class Studio {
    /** Right, up (metres) of each CrowdPose joint of a standing person. */
    private static final double[][] STANDING = {
        {-0.2, 1.42},
        {0.2, 1.42},
        {-0.3, 1.15},
        {0.3, 1.15},
        {-0.32, 0.9},
        {0.32, 0.9},
        {-0.13, 0.95},
        {0.13, 0.95},
        {-0.14, 0.5},
        {0.14, 0.5},
        {-0.15, 0.06},
        {0.15, 0.06},
        {0, 1.72},
        {0, 1.5}
    };

    private Studio() {}

    static CameraView shoot(SensorSpec sensor, List<Crowd.Person> people, long timeNanos, long sequence) {
        CameraModel camera = CameraModel.of(sensor.calibration().orElseThrow());
        var header = new FrameHeader(
                sensor.name(),
                0,
                sequence,
                ObservationTime.at(timeNanos, "simulator"),
                Origin.SIMULATED,
                Plaza.WIDTH,
                Plaza.HEIGHT,
                sensor.calibration().get().version(),
                "");
        var picture = new BufferedImage(Plaza.WIDTH, Plaza.HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = picture.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setPaint(new GradientPaint(0, 0, new Color(0x8fa3ad), 0, Plaza.HEIGHT, new Color(0x59626a)));
        g.fillRect(0, 0, Plaza.WIDTH, Plaza.HEIGHT);
        ground(g, camera);
        List<Detection> boxes = new ArrayList<>();
        List<Pose> poses = new ArrayList<>();
        byte[] labels = new byte[160 * 90];
        people.stream()
                .sorted(Comparator.comparingDouble(p -> -camera.depth(WorldPoint.ground(p.east(), p.north()))))
                .forEach(p -> person(g, camera, p, boxes, poses, labels));
        g.dispose();
        return new CameraView(
                new EncodedFrame(header, "image/jpeg", ByteBuffer.wrap(jpeg(picture))),
                Optional.of(new Detections(header, boxes, "simulated")),
                Optional.of(new Poses(header, Skeleton.CROWDPOSE_14, poses, "simulated")),
                Optional.of(new Segmentation(
                        header, 160, 90, labels, List.of("background", "person"), List.of(), "simulated")));
    }

    private static void ground(Graphics2D g, CameraModel camera) {
        g.setStroke(new BasicStroke(1));
        g.setColor(new Color(0x40ffffff, true));
        for (int e = 0; e <= Plaza.EAST; e += 2) {
            line(g, camera, e, 0, e, Plaza.NORTH);
        }
        for (int n = 0; n <= Plaza.NORTH; n += 2) {
            line(g, camera, 0, n, Plaza.EAST, n);
        }
    }

    private static void line(Graphics2D g, CameraModel camera, double e0, double n0, double e1, double n1) {
        PixelPoint before = null;
        for (int i = 0; i <= 16; i++) {
            double f = i / 16.0;
            WorldPoint at = WorldPoint.ground(e0 + f * (e1 - e0), n0 + f * (n1 - n0));
            PixelPoint now = camera.depth(at) < 0.5 ? null : camera.project(at).orElse(null);
            if (before != null && now != null) {
                g.drawLine((int) before.u(), (int) before.v(), (int) now.u(), (int) now.v());
            }
            before = now;
        }
    }

    private static void person(
            Graphics2D g, CameraModel camera, Crowd.Person p, List<Detection> boxes, List<Pose> poses, byte[] labels) {
        WorldPoint foot = WorldPoint.ground(p.east(), p.north());
        if (camera.depth(foot) < 1 || !camera.sees(foot)) {
            return;
        }
        PixelPoint low = camera.project(foot).orElseThrow();
        PixelPoint high =
                camera.project(new WorldPoint(p.east(), p.north(), 1.78)).orElseThrow();
        double h = low.v() - high.v();
        double w = 0.4 * h;
        Color coat = Color.getHSBColor((p.number() * 0.61f) % 1, 0.55f, 0.75f);
        g.setColor(new Color(0, 0, 0, 60));
        g.fillOval((int) (low.u() - 0.3 * h), (int) (low.v() - 0.06 * h), (int) (0.6 * h), (int) (0.12 * h));
        g.setColor(coat.darker());
        g.fillRoundRect((int) (low.u() - 0.16 * h), (int) (low.v() - 0.5 * h), (int) (0.32 * h), (int) (0.5 * h), 6, 6);
        g.setColor(coat);
        g.fillRoundRect(
                (int) (low.u() - 0.2 * h), (int) (high.v() + 0.14 * h), w > 2 ? (int) w : 2, (int) (0.44 * h), 8, 8);
        g.setColor(new Color(0xd9b89c));
        g.fillOval((int) (low.u() - 0.08 * h), (int) high.v(), (int) (0.16 * h), (int) (0.16 * h));
        boxes.add(new Detection(
                ObjectClass.PERSON,
                0.95 - 0.01 * p.number(),
                new Box(low.u() - w / 2, high.v(), w, h),
                Optional.of(new ImagePoint(low.u(), low.v(), 2, 0, 4))));
        List<Keypoint> joints = new ArrayList<>();
        for (double[] joint : STANDING) {
            joints.add(new Keypoint(low.u() + joint[0] * h / 1.78, low.v() - joint[1] * h / 1.78, 0.9));
        }
        poses.add(new Pose(joints, 0.9));
        for (int y = (int) Math.max(0, high.v() / 4); y < Math.min(90, low.v() / 4); y++) {
            for (int x = (int) Math.max(0, (low.u() - w / 2) / 4); x < Math.min(160, (low.u() + w / 2) / 4); x++) {
                labels[y * 160 + x] = 1;
            }
        }
    }

    private static byte[] jpeg(BufferedImage picture) {
        try {
            var bytes = new ByteArrayOutputStream();
            ImageIO.write(picture, "jpeg", bytes);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
