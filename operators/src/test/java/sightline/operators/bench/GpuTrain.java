package sightline.operators.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sightline.config.domain.Skeleton;
import sightline.kernels.cuda.CudaDevice;
import sightline.kernels.cuda.CudaEngine;
import sightline.kernels.cuda.Storage;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.train.Pause;
import sightline.kernels.weights.WeightFiles;
import sightline.kernels.weights.Weights;
import sightline.operators.efficientvit.Variant;
import sightline.operators.litepose.Poser;
import sightline.operators.litepose.Size;
import sightline.operators.pool.LabelMerge;
import sightline.operators.pool.LabeledPicture;
import sightline.operators.pool.Lessons;
import sightline.operators.pool.PicoDet;
import sightline.operators.pool.PoseTeacher;
import sightline.operators.pool.StreetTeacher;
import sightline.operators.pool.TrainPack;
import sightline.operators.recipe.Recipe;
import sightline.operators.recipe.TrainingRun;
import sightline.operators.recipe.Workshop;

/**
 * Training where there is a GPU and no Java: {@code train PACK RECIPE FOLDER SECONDS [KEY=VALUE...]} runs or resumes a
 * recipe, with other values for some of its keys;
 * {@code -Dsightline.teacher=FILE} are the weights of a recipe's teacher that looks along, in half precision
 * unless {@code -Dsightline.tutor=FLOAT32}.
 * {@code -Dsightline.learner=MIXED} rounds what the learner multiplies to bfloat16.
 * {@code teach PACK TO LITEPOSE_M [SEG_B0 [PICODET]]} adds teachers' labels to a pack.
 * {@code -Dsightline.engine=onnx} does the same on the CPU.
 */
public final class GpuTrain {
    private static final int THREADS = Integer.getInteger("sightline.threads", 8);
    private static final long CACHE = Long.getLong("sightline.cache", 8L << 30);

    private GpuTrain() {}

    public static void main(String[] arguments) throws Exception {
        if (System.getProperty("sightline.engine", "cuda").equals("onnx")) {
            List<Engine> engines = List.of(new OnnxEngine());
            run(engines, engines, arguments);
            return;
        }
        List<CudaDevice> devices = new ArrayList<>();
        try {
            for (int i = 0; i < Integer.getInteger("sightline.devices", 1); i++) {
                devices.add(CudaDevice.open(i));
            }
            List<Engine> engines = new ArrayList<>();
            List<Engine> tutors = new ArrayList<>();
            Storage learner = Storage.valueOf(System.getProperty("sightline.learner", "FLOAT32"));
            devices.forEach(d -> engines.add(new CudaEngine(d, learner)));
            Storage tutor = Storage.valueOf(System.getProperty("sightline.tutor", "FLOAT16"));
            devices.forEach(d -> tutors.add(new CudaEngine(d, tutor)));
            run(engines, tutors, arguments);
        } finally {
            devices.forEach(CudaDevice::close);
        }
    }

    private static void run(List<Engine> engines, List<Engine> tutors, String... a) throws Exception {
        TrainPack pack = TrainPack.read(Path.of(a[1]));
        if (a[0].equals("teach")) {
            TrainPack taught = teach(engines.getFirst(), pack, a);
            taught.write(Path.of(a[2]));
            new TrainPack(labels(taught.trained()), labels(taught.heldOut())).write(Path.of(a[2] + ".labels"));
            return;
        }
        Recipe recipe = Recipe.named(a[2], changes(Arrays.asList(a).subList(5, a.length)));
        String teacher = System.getProperty("sightline.teacher");
        try (Weights weights = teacher == null ? Weights.none() : WeightFiles.open(Path.of(teacher))) {
            Workshop shop = teacher == null ? Workshop.of(engines) : new Workshop(engines, tutors, weights);
            boolean done = new TrainingRun(recipe, Path.of(a[3]), THREADS, CACHE, TrainingRun.CHECKPOINT_EVERY)
                    .run(pack, shop, Pause.after(Duration.ofSeconds(Long.parseLong(a[4]))), System.out);
            System.out.println(recipe.name() + (done ? " is done" : " goes on with the next call"));
        }
    }

    static Map<String, String> changes(List<String> settings) {
        Map<String, String> changes = new LinkedHashMap<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("KEY=VALUE is wanted where '" + setting + "' stands");
            }
            changes.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return changes;
    }

    private static TrainPack teach(Engine engine, TrainPack bare, String... a) throws Exception {
        CompileOptions options = CompileOptions.DEFAULT.lenient();
        TrainPack pack = a.length < 6
                ? bare
                : Lessons.detect(bare, () -> PicoDet.of(Path.of(a[5])), LabelMerge.PICODET, THREADS);
        try (Weights pose = WeightFiles.open(Path.of(a[3]))) {
            pack = Lessons.teach(
                    pack,
                    () -> new PoseTeacher(new Poser(engine, Size.M, Skeleton.CROWDPOSE_14, pose, 448, 0.12, options)),
                    Lessons::showsPeople,
                    THREADS);
        }
        if (a.length < 5) {
            return pack;
        }
        try (Weights street = WeightFiles.open(Path.of(a[4]))) {
            return Lessons.teach(
                    pack, () -> new StreetTeacher(engine, Variant.B0, street, options), p -> true, THREADS);
        }
    }

    /** The labels alone: what has to travel back to where the pictures are. */
    private static List<LabeledPicture> labels(List<LabeledPicture> pictures) {
        return pictures.stream()
                .map(p ->
                        new LabeledPicture(p.name(), p.source(), p.complete(), new byte[0], p.objects(), p.teaching()))
                .toList();
    }
}
