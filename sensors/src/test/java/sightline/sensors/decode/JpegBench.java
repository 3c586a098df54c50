package sightline.sensors.decode;

import java.nio.ByteBuffer;
import java.util.Arrays;
import sightline.sensors.scene.Picture;
import sightline.sensors.scene.Plaza;
import sightline.sensors.scene.PlazaSettings;

/**
 * JPEG decoding and encoding, both implementations, on rendered street scenes at quality 85. Prints a table; run its
 * {@code main}. Medians of single-threaded calls after warm-up.
 */
final class JpegBench {
    private static final int WARM = 60;
    private static final int RUNS = 120;

    private JpegBench() {}

    public static void main(String[] arguments) {
        System.out.printf(
                "%-14s %-10s %8s %10s %10s %10s%n", "codec", "size", "KiB", "decode ms", "p95 ms", "encode ms");
        for (int[] size : new int[][] {{640, 360}, {1280, 720}, {1920, 1080}}) {
            Picture picture = Plaza.of(PlazaSettings.of(1).withPicture(size[0], size[1], 10))
                    .cameras()
                    .getFirst()
                    .draw(40);
            measure(JpegDecoder.imageIo(JpegLimits.DEFAULT), JpegEncoder.imageIo(85), picture);
            if (TurboJpeg.load().isPresent()) {
                measure(JpegDecoder.best(JpegLimits.DEFAULT), JpegEncoder.best(85), picture);
            }
        }
    }

    private static void measure(JpegDecoder decoder, JpegEncoder encoder, Picture picture) {
        int width = picture.header().width();
        int height = picture.header().height();
        ByteBuffer jpeg = encoder.encode(picture.rgb(), width, height);
        try (PixelPool pool = PixelPool.of(64 << 20);
                decoder) {
            double[] decode = new double[RUNS];
            double[] encode = new double[RUNS];
            for (int i = -WARM; i < RUNS; i++) {
                long start = System.nanoTime();
                decoder.decode(jpeg, pool).release();
                long middle = System.nanoTime();
                encoder.encode(picture.rgb(), width, height);
                if (i >= 0) {
                    decode[i] = (middle - start) / 1e6;
                    encode[i] = (System.nanoTime() - middle) / 1e6;
                }
            }
            Arrays.sort(decode);
            Arrays.sort(encode);
            System.out.printf(
                    "%-14s %-10s %8d %10.2f %10.2f %10.2f%n",
                    decoder.name(),
                    width + "x" + height,
                    jpeg.remaining() / 1024,
                    decode[RUNS / 2],
                    decode[RUNS * 95 / 100],
                    encode[RUNS / 2]);
        }
    }
}
