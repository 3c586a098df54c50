package sightline.sensors.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import sightline.config.domain.Box;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.Keypoint;
import sightline.sensors.decode.JpegEncoder;

class RendererTest {
    private static final PlazaSettings SMALL = PlazaSettings.of(3).withPicture(320, 180, 10);
    private static final Plaza PLAZA = Plaza.of(SMALL);

    @Test
    void theSameSeedDrawsTheSamePixelsInWhateverOrder() {
        SimulatedCamera one = PLAZA.cameras().get(2);
        SimulatedCamera two = Plaza.of(SMALL).cameras().get(2);
        byte[] first = one.draw(50).rgb();
        two.draw(51);
        assertThat(two.draw(50).rgb()).isEqualTo(first);
        assertThat(two.draw(51).rgb()).isNotEqualTo(first);
    }

    @Test
    void boxesOfPeopleInPlainViewAreThoseOfTheirGeometry() {
        List<Double> overlaps = new ArrayList<>();
        for (SimulatedCamera camera : PLAZA.cameras()) {
            for (long k = 0; k < 400; k += 36) {
                for (ObjectLabel label : camera.draw(k).labels()) {
                    if (label.visibility() > 0.97 && label.visible().height() > 20) {
                        overlaps.add(label.visible().iou(label.whole()));
                    }
                }
            }
        }
        Collections.sort(overlaps);
        assertThat(overlaps.size()).isGreaterThan(60);
        assertThat(overlaps.get(overlaps.size() / 10)).isGreaterThan(0.7);
        assertThat(overlaps.get(overlaps.size() / 2)).isGreaterThan(0.85);
    }

    @Test
    void someAreHiddenAndTheirLabelsSaySo() {
        int hidden = 0;
        for (SimulatedCamera camera : PLAZA.cameras()) {
            for (long k = 0; k < 400; k += 30) {
                for (ObjectLabel label : camera.draw(k).labels()) {
                    assertThat(label.visibility()).isGreaterThan(0).isLessThanOrEqualTo(1);
                    Box v = label.visible();
                    assertThat(v.x()).isGreaterThanOrEqualTo(0);
                    assertThat(v.right()).isLessThanOrEqualTo(320);
                    assertThat(v.bottom()).isLessThanOrEqualTo(180);
                    boolean inside = label.whole().x() > 1
                            && label.whole().right() < 319
                            && label.whole().bottom() < 179;
                    hidden += inside && label.visibility() < 0.6 ? 1 : 0;
                }
            }
        }
        assertThat(hidden).isGreaterThan(3);
    }

    @Test
    void jointsThatShowLieInTheBoxOfTheirPerson() {
        int joints = 0;
        for (SimulatedCamera camera : PLAZA.cameras()) {
            for (ObjectLabel label : camera.draw(77).labels()) {
                for (Keypoint k : label.pose().map(p -> p.keypoints()).orElse(List.of())) {
                    if (k.score() == 1) {
                        Box b = label.visible();
                        assertThat(k.u()).isBetween(b.x() - 2, b.right() + 2);
                        assertThat(k.v()).isBetween(b.y() - 2, b.bottom() + 2);
                        joints++;
                    }
                }
            }
        }
        assertThat(joints).isGreaterThan(100);
    }

    @Test
    void nightIsDarkerThanNoonButNotBlack() {
        double noon = brightness(SMALL.withDay(13, 0).withPicture(160, 90, 10));
        double night = brightness(SMALL.withDay(1, 0).withPicture(160, 90, 10));
        assertThat(noon).isBetween(70.0, 190.0);
        assertThat(night).isBetween(12.0, 0.75 * noon);
    }

    private static double brightness(PlazaSettings settings) {
        byte[] rgb = Plaza.of(settings).cameras().getFirst().draw(0).rgb();
        double sum = 0;
        for (byte b : rgb) {
            sum += b & 0xff;
        }
        return sum / rgb.length;
    }

    @Test
    void whatLeavesTheCameraIsAJpegOfThePicture() throws IOException {
        SimulatedCamera camera = PLAZA.cameras().getFirst();
        EncodedFrame frame = camera.frame(9, JpegEncoder.imageIo(90));
        byte[] jpeg = new byte[frame.bytes()];
        frame.payload().duplicate().get(jpeg);
        var image = ImageIO.read(new ByteArrayInputStream(jpeg));
        assertThat(image.getWidth()).isEqualTo(320);
        byte[] rgb = camera.draw(9).rgb();
        double off = 0;
        for (int y = 0, j = 0; y < 180; y++) {
            for (int x = 0; x < 320; x++, j += 3) {
                int pixel = image.getRGB(x, y);
                off += Math.abs((rgb[j] & 0xff) - (pixel >> 16 & 0xff))
                        + Math.abs((rgb[j + 2] & 0xff) - (pixel & 0xff));
            }
        }
        assertThat(off / (2.0 * 320 * 180)).isCloseTo(3, within(3.0));
    }
}
