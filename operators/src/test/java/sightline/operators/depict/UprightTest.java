package sightline.operators.depict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.config.domain.Box;
import sightline.config.domain.Brief;
import sightline.config.domain.Detection;
import sightline.config.domain.ObjectClass;
import sightline.config.domain.Skeleton;
import sightline.config.domain.Viewpoint;

class UprightTest {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 540;
    private static final int HEAD = Skeleton.CROWDPOSE_14.joints().indexOf("head");
    private static final int ANKLE = Skeleton.CROWDPOSE_14.joints().indexOf("left_ankle");

    private static Brief fallen(double heading) {
        Brief.Person lying = Briefs.person("p1", 0, 0, heading, 0, Brief.Posture.FALLEN, 0.04);
        return Briefs.fall().withPeople(List.of(lying)).withViewpoint(Viewpoint.towards("high", -9, -8, 6, 0, 0));
    }

    private static Expected expected(Brief brief) {
        return Expected.in(brief, new Eye(brief.viewpoint(), WIDTH, HEIGHT), WIDTH, HEIGHT)
                .getFirst();
    }

    /** A red head and a blue foot. */
    private static BufferedImage picture(Expected lying) {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D g = image.createGraphics();
        dot(g, Color.RED, lying.joints().get(HEAD));
        dot(g, Color.BLUE, lying.joints().get(ANKLE));
        g.dispose();
        return image;
    }

    private static void dot(Graphics2D g, Color colour, double[] at) {
        g.setColor(colour);
        g.fillOval((int) at[0] - 4, (int) at[1] - 4, 9, 9);
    }

    /** Middle of what has that colour. */
    private static double[] middle(BufferedImage image, int shift) {
        double u = 0;
        double v = 0;
        int n = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                if ((image.getRGB(x, y) >> shift & 0xff) > 128) {
                    u += x;
                    v += y;
                    n++;
                }
            }
        }
        assertThat(n).isPositive();
        return new double[] {u / n, v / n};
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.8, 1.6, 3.1, -2.4, -3})
    void whoLiesStandsInTheTurnedPart(double heading) {
        Expected lying = expected(fallen(heading));
        Upright turned = Upright.of(lying, picture(lying)).orElseThrow();
        double[] head = middle(turned.image(), 16);
        double[] foot = middle(turned.image(), 0);
        assertThat(head[1]).isLessThan(foot[1]);
        assertThat(Math.abs(head[0] - foot[0])).isLessThan(0.3 * (foot[1] - head[1]));
        assertThat(head[1])
                .isCloseTo(turned.box().y(), within(0.2 * turned.box().height()));
        assertThat(foot[1])
                .isCloseTo(turned.box().bottom(), within(0.2 * turned.box().height()));
    }

    /** A reader that knows nobody but who stands, at the place of the red head. */
    private static ReadBackGate.Sight standing(BufferedImage image) {
        boolean whole = image.getWidth() == WIDTH;
        if (whole) {
            return ReadBackGate.Sight.nothing();
        }
        double[] head = middle(image, 16);
        double[] foot = middle(image, 0);
        double tall = foot[1] - head[1];
        Box box = new Box(head[0] - 0.2 * tall, head[1] - 0.05 * tall, 0.4 * tall, 1.1 * tall);
        return new ReadBackGate.Sight(
                List.of(new Detection(ObjectClass.PERSON, 0.9, box, Optional.empty())), Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.8, 1.6, 3.1, -2.4, -3})
    void aGateWhoseReaderKnowsNobodyWhoLiesFindsThemTurned(double heading) {
        Brief brief = fallen(heading);
        ReadBackGate gate = new ReadBackGate(UprightTest::standing, ReadBackGate.Tolerance.DEFAULT);
        assertThat(gate.read(brief, picture(expected(brief))).accepted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.8, 1.6, 3.1, -2.4, -3})
    void nobodyIsFoundTurnedWhereNobodyLies(double heading) {
        Brief brief = fallen(heading);
        ReadBackGate gate = new ReadBackGate(image -> ReadBackGate.Sight.nothing(), ReadBackGate.Tolerance.DEFAULT);
        assertThat(gate.read(brief, picture(expected(brief))).accepted()).isFalse();
    }
}
