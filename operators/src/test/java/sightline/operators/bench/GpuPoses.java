package sightline.operators.bench;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sightline.config.domain.Frame;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.domain.Pose;
import sightline.config.domain.Poses;
import sightline.config.domain.Skeleton;
import sightline.kernels.cuda.CudaDevice;
import sightline.kernels.cuda.CudaEngine;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.weights.Weights;
import sightline.operators.data.TestData;
import sightline.operators.litepose.Poser;
import sightline.operators.litepose.Size;
import sightline.operators.perception.BatchingEngine;
import sightline.operators.recipe.ShippedWeights;
import sightline.sensors.scene.Plaza;
import sightline.sensors.scene.PlazaSettings;
import sightline.sensors.scene.SimulatedCamera;

/**
 * How many pictures a second the product's poser sees, one by one and as many together as its engine gains from: pictures of
 * the simulated plaza at 1920x1080 as decoded pixels in host memory or, with {@code jpeg}, as files that the card decodes;
 * people come back put together. The first GPU, or the CPU's engine where there is none.
 *
 * <p>Arguments: seconds a row, {@code jpeg} (needs java.desktop, nvJPEG), and official weights of LitePose-M in place of the
 * shipped LitePose-XS, at 448 in place of 256.
 */
public final class GpuPoses {
    private static final double LEAST_SCORE = 0.3;
    private static final int VIEWS = 8;
    private static final int PICTURES = 32;
    /** More than that many pixels beside each other, joints are not the same. */
    private static final double NEAR = 2;

    private GpuPoses() {}

    public static void main(String[] arguments) {
        double seconds = Double.parseDouble(arguments[0]);
        boolean jpeg = List.of(arguments).contains("jpeg");
        String official = Stream.of(arguments)
                .skip(1)
                .filter(a -> !a.equals("jpeg"))
                .findFirst()
                .orElse("");
        List<Frame> frames = jpeg ? files() : pictures();
        if (CudaEngine.available().ready()) {
            try (CudaDevice device = CudaDevice.open(0)) {
                System.out.println(device.facts());
                run(TunedEngine.half(device), official, frames, seconds);
            }
        } else {
            System.out.println(CudaEngine.available().sentence());
            run(new OnnxEngine(), official, frames, seconds);
        }
    }

    private static void run(Engine inner, String official, List<Frame> frames, double seconds) {
        BatchingEngine engine = new BatchingEngine(inner);
        boolean shipped = official.isEmpty();
        Size size = shipped ? Size.XS : Size.M;
        int side = shipped ? 256 : 448;
        try (Weights weights = ShippedWeights.open(shipped ? "litepose-xs" : official);
                Poser poser = new Poser(
                        engine,
                        size,
                        Skeleton.CROWDPOSE_14,
                        weights,
                        side,
                        LEAST_SCORE,
                        CompileOptions.DEFAULT.lenient())) {
            System.out.printf(
                    Locale.ROOT,
                    "%s at %d, %d pictures, %s%n",
                    poser.identity().name(),
                    side,
                    frames.size(),
                    inner.name());
            engine.pays(1);
            List<Poses> alone = row("one by one", poser, frames, seconds);
            engine.pays(PICTURES);
            agree(alone, row("together", poser, frames, seconds));
        }
    }

    private static List<Poses> row(String name, Poser poser, List<Frame> frames, double seconds) {
        long began = System.nanoTime();
        List<Poses> seen = poser.perceive(frames);
        for (int i = 0; i < 3; i++) {
            seen = poser.perceive(frames);
        }
        double warm = (System.nanoTime() - began) / 1e9;
        List<Double> times = new ArrayList<>();
        for (double spent = 0; spent < seconds; spent += times.getLast()) {
            began = System.nanoTime();
            seen = poser.perceive(frames);
            times.add((System.nanoTime() - began) / 1e9);
        }
        double median =
                times.stream().sorted().skip(times.size() / 2).findFirst().orElseThrow();
        System.out.printf(
                Locale.ROOT,
                "%-12s %8.1f pictures/s, %7.3f ms each (median of %d rounds of %d; %.1f s to warm up), %.2f people each%n",
                name,
                frames.size() / median,
                1e3 * median / frames.size(),
                times.size(),
                frames.size(),
                warm,
                seen.stream().mapToInt(p -> p.poses().size()).average().orElse(0));
        return seen;
    }

    /** Kernels for other batches may sum in another order, so half precision need not say the very same. */
    private static void agree(List<Poses> alone, List<Poses> together) {
        int same = 0;
        int near = 0;
        int people = 0;
        for (int i = 0; i < alone.size(); i++) {
            people += alone.get(i).poses().size();
            for (Pose pose : alone.get(i).poses()) {
                List<Pose> others = together.get(i).poses();
                same += others.contains(pose) ? 1 : 0;
                near += others.stream().anyMatch(o -> near(pose, o)) ? 1 : 0;
            }
        }
        System.out.printf(
                "of %d people %d are the same together, %d have half of their joints within %.0f pixels%n",
                people, same, near, NEAR);
    }

    private static boolean near(Pose a, Pose b) {
        int joints = a.keypoints().size();
        return IntStream.range(0, joints)
                        .filter(j -> Math.hypot(
                                        a.keypoints().get(j).u()
                                                - b.keypoints().get(j).u(),
                                        a.keypoints().get(j).v()
                                                - b.keypoints().get(j).v())
                                <= NEAR)
                        .count()
                >= joints / 2;
    }

    private static List<Frame> pictures() {
        Plaza plaza = Plaza.of(PlazaSettings.of(7).withPicture(1920, 1080, 30).withSensors(VIEWS, 0, 1));
        Frame[] frames = new Frame[PICTURES];
        IntStream.range(0, VIEWS).parallel().forEach(view -> {
            SimulatedCamera camera = plaza.cameras().get(view);
            for (int i = view; i < PICTURES; i += VIEWS) {
                frames[i] = TestData.frame(1920, 1080, camera.draw(10L * i).rgb());
            }
        });
        return Arrays.asList(frames);
    }

    private static List<Frame> files() {
        FrameHeader header =
                new FrameHeader("plaza", 0, 0, ObservationTime.at(1, "plaza"), Origin.SIMULATED, 1920, 1080, "", "");
        // A view's pictures lie beside each other: as many of each.
        List<byte[]> drawn = PlazaFiles.drawn();
        int step = drawn.size() / PICTURES;
        return IntStream.range(0, PICTURES)
                .mapToObj(i -> new Frame(header, new JpegFile(ByteBuffer.wrap(drawn.get(i * step)))))
                .toList();
    }
}
