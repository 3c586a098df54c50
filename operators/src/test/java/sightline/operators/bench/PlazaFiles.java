package sightline.operators.bench;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import sightline.sensors.decode.JpegEncoder;
import sightline.sensors.scene.Plaza;
import sightline.sensors.scene.PlazaSettings;

/** What the measurements of cameras look at: distinct JPEG files of the simulated plaza at 1920x1080. */
final class PlazaFiles {
    private static final int QUALITY = 60;
    private static final int VIEWS = 8;
    private static final int PICTURES = 208;

    private PlazaFiles() {}

    static List<byte[]> drawn() {
        Plaza plaza = Plaza.of(PlazaSettings.of(7).withPicture(1920, 1080, 30).withSensors(VIEWS, 0, 1));
        return IntStream.range(0, VIEWS)
                .parallel()
                .boxed()
                .flatMap(view -> {
                    JpegEncoder encoder = JpegEncoder.best(QUALITY);
                    return IntStream.range(0, PICTURES / VIEWS).mapToObj(i -> {
                        ByteBuffer jpeg = plaza.cameras()
                                .get(view)
                                .frame(10L * i, encoder)
                                .payload();
                        byte[] bytes = new byte[jpeg.remaining()];
                        jpeg.duplicate().get(bytes);
                        return bytes;
                    });
                })
                .toList();
    }
}
