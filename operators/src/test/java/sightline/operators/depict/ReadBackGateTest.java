package sightline.operators.depict;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.config.domain.Box;
import sightline.config.domain.Brief;
import sightline.config.domain.Detection;
import sightline.config.domain.ObjectClass;
import sightline.config.domain.Viewpoint;
import sightline.config.site.GroundPoint;

/**
 * The gate's own logic, with a reader that sees exactly what a brief would show, plus pixel noise. What the shipped
 * detector makes of real depictions is measured apart.
 */
class ReadBackGateTest {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 360;
    private static final int CASES = 100;

    /** Sees the people of a brief with two pixels of noise. */
    private static ReadBackGate.Reader seeing(Brief brief, Random random) {
        return image -> {
            Eye eye = new Eye(brief.viewpoint(), WIDTH, HEIGHT);
            List<Detection> seen = new ArrayList<>();
            for (Expected e : Expected.in(brief, eye, WIDTH, HEIGHT)) {
                Box b = e.box();
                Box noisy =
                        new Box(b.x() + random.nextGaussian(), b.y() + random.nextGaussian(), b.width(), b.height());
                seen.add(new Detection(ObjectClass.PERSON, 0.9, noisy, Optional.empty()));
            }
            return new ReadBackGate.Sight(seen, Optional.empty());
        };
    }

    private static boolean accepts(Brief brief, Brief shown, Random random) {
        return new ReadBackGate(seeing(shown, random), ReadBackGate.Tolerance.DEFAULT)
                .read(brief, new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR))
                .accepted();
    }

    /** From high up, so that all are wholly inside and no one hides another. */
    private static Brief crowd(long seed) {
        Brief crowd = Briefs.crowd(seed, 4);
        return crowd.withViewpoint(Viewpoint.towards("high", -9, -10, 9, 0, 2));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void rightPictureIsAccepted(long seed) {
        Random random = new Random(seed);
        int accepted = 0;
        for (int i = 0; i < CASES; i++) {
            Brief brief = crowd(seed * CASES + i);
            accepted += accepts(brief, brief, random) ? 1 : 0;
        }
        assertThat(accepted).isGreaterThanOrEqualTo(95);
    }

    @ParameterizedTest
    @ValueSource(strings = {"moved", "missing", "added"})
    void wrongPictureIsRejected(String mistake) {
        Random random = new Random(mistake.hashCode());
        int rejected = 0;
        for (int i = 0; i < CASES; i++) {
            Brief brief = crowd(i);
            List<Brief.Person> people = new ArrayList<>(brief.people());
            switch (mistake) {
                case "moved" -> {
                    Brief.Person p = people.getFirst();
                    double direction = random.nextDouble(2 * Math.PI);
                    people.set(0, at(p, 2 * Math.cos(direction), 2 * Math.sin(direction)));
                }
                case "missing" -> people.removeFirst();
                default -> people.add(Briefs.person("intruder", 2.5, -4.2, 0, 0, Brief.Posture.STANDING, 0));
            }
            rejected += accepts(brief, brief.withPeople(people), random) ? 0 : 1;
        }
        assertThat(rejected).isGreaterThanOrEqualTo(95);
    }

    private static Brief.Person at(Brief.Person p, double east, double north) {
        return new Brief.Person(
                p.track(),
                new GroundPoint(p.at().east() + east, p.at().north() + north),
                p.heading(),
                p.speed(),
                p.height(),
                p.posture(),
                p.uncertainty(),
                p.involved());
    }
}
