package sightline.operators.pool;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.function.Supplier;
import sightline.config.domain.ObjectClass;

/** Shows a pack's pictures to dense teachers, several at once. */
public final class Lessons {
    private Lessons() {}

    /** Whether a person is, or may be, in a picture. */
    public static boolean showsPeople(LabeledPicture picture) {
        return picture.objects().stream().anyMatch(o -> o.label() == ObjectClass.PERSON);
    }

    /**
     * A pack with one more teacher's word.
     *
     * @param teacher a new one for each thread
     * @param wanted which pictures it looks at
     */
    public static TrainPack teach(
            TrainPack pack, Supplier<DenseTeacher> teacher, Predicate<LabeledPicture> wanted, int threads)
            throws IOException, InterruptedException {
        List<DenseTeacher> teachers = new ArrayList<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
            ThreadLocal<DenseTeacher> own = ThreadLocal.withInitial(() -> {
                synchronized (teachers) {
                    teachers.add(teacher.get());
                    return teachers.getLast();
                }
            });
            var trained = start(pack.trained(), own, wanted, workers);
            var held = start(pack.heldOut(), own, wanted, workers);
            return new TrainPack(finished(trained), finished(held));
        } finally {
            teachers.forEach(DenseTeacher::close);
        }
    }

    private static List<Future<LabeledPicture>> start(
            List<LabeledPicture> pictures,
            ThreadLocal<DenseTeacher> teacher,
            Predicate<LabeledPicture> wanted,
            ExecutorService workers) {
        List<Future<LabeledPicture>> running = new ArrayList<>();
        for (LabeledPicture p : pictures) {
            running.add(
                    workers.submit(() -> wanted.test(p) ? p.taught(teacher.get().teach(p.decode(), p.teaching())) : p));
        }
        return running;
    }

    private static List<LabeledPicture> finished(List<Future<LabeledPicture>> running)
            throws IOException, InterruptedException {
        List<LabeledPicture> pictures = new ArrayList<>();
        for (Future<LabeledPicture> p : running) {
            try {
                pictures.add(p.get());
            } catch (ExecutionException e) {
                throw new IOException("a teacher failed: " + e.getCause().getMessage(), e.getCause());
            }
        }
        return pictures;
    }
}
