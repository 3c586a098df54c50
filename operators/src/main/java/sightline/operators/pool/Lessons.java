package sightline.operators.pool;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import sightline.config.domain.ObjectClass;

/** Shows a pack's pictures to teachers, several at once. */
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
        return each(
                pack,
                teacher,
                (t, p) -> wanted.test(p) ? p.taught(t.teach(p.decode(), p.teaching())) : p,
                DenseTeacher::close,
                threads);
    }

    /**
     * A pack whose incompletely labelled pictures a detector has looked at.
     *
     * @param teacher a new one for each thread
     * @param merge how its boxes join those that are there
     */
    public static TrainPack detect(TrainPack pack, Supplier<Teacher> teacher, LabelMerge merge, int threads)
            throws IOException, InterruptedException {
        return each(
                pack,
                teacher,
                (t, p) -> p.complete()
                        ? p
                        : p.labeled(merge.merge(false, p.objects(), t.label(p.decode(), merge.floor()))),
                Teacher::close,
                threads);
    }

    private interface Lesson<T> {
        LabeledPicture give(T teacher, LabeledPicture picture) throws IOException;
    }

    private static <T> TrainPack each(
            TrainPack pack, Supplier<T> teacher, Lesson<T> lesson, Consumer<T> close, int threads)
            throws IOException, InterruptedException {
        List<T> teachers = new ArrayList<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
            ThreadLocal<T> own = ThreadLocal.withInitial(() -> {
                synchronized (teachers) {
                    teachers.add(teacher.get());
                    return teachers.getLast();
                }
            });
            var trained = start(pack.trained(), own, lesson, workers);
            var held = start(pack.heldOut(), own, lesson, workers);
            return new TrainPack(finished(trained), finished(held));
        } finally {
            teachers.forEach(close);
        }
    }

    private static <T> List<Future<LabeledPicture>> start(
            List<LabeledPicture> pictures, ThreadLocal<T> teacher, Lesson<T> lesson, ExecutorService workers) {
        List<Future<LabeledPicture>> running = new ArrayList<>();
        for (LabeledPicture p : pictures) {
            running.add(workers.submit(() -> lesson.give(teacher.get(), p)));
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
