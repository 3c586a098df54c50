package sightline.sensors.scene;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import sightline.sensors.decode.JpegEncoder;

/**
 * What a frame costs: casting the empty plaza once, drawing, compressing. Prints a table; run its {@code main}. Medians of
 * single-threaded calls in processor time, which a busy machine does not stretch.
 */
final class RenderBench {
    private static final int WARM = 60;
    private static final int RUNS = 100;

    private RenderBench() {}

    public static void main(String[] arguments) {
        System.out.printf(
                "%-10s %9s %9s %9s %12s %12s%n", "size", "cast ms", "draw ms", "p95 ms", "imageio ms", "best ms");
        for (int[] size : new int[][] {{640, 360}, {1280, 720}}) {
            Plaza plaza = Plaza.of(PlazaSettings.of(1).withPicture(size[0], size[1], 10));
            SimulatedCamera camera = plaza.cameras().getFirst();
            double cast = cost(() -> camera.draw(0));
            double[] draw = new double[RUNS];
            double[] imageIo = new double[RUNS];
            double[] best = new double[RUNS];
            JpegEncoder one = JpegEncoder.imageIo(85);
            JpegEncoder two = JpegEncoder.best(85);
            Picture[] picture = new Picture[1];
            for (int i = -WARM; i < RUNS; i++) {
                int k = i + WARM;
                double drawn = cost(() -> picture[0] = camera.draw(k));
                double a = cost(() -> one.encode(picture[0].rgb(), size[0], size[1]));
                double b = cost(() -> two.encode(picture[0].rgb(), size[0], size[1]));
                if (i >= 0) {
                    draw[i] = drawn;
                    imageIo[i] = a;
                    best[i] = b;
                }
            }
            Arrays.sort(draw);
            Arrays.sort(imageIo);
            Arrays.sort(best);
            System.out.printf(
                    "%-10s %9.0f %9.2f %9.2f %12.2f %12.2f%n",
                    size[0] + "x" + size[1],
                    cast,
                    draw[RUNS / 2],
                    draw[RUNS * 95 / 100],
                    imageIo[RUNS / 2],
                    best[RUNS / 2]);
        }
    }

    private static double cost(Runnable work) {
        var threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        work.run();
        return (threads.getCurrentThreadCpuTime() - start) / 1e6;
    }
}
