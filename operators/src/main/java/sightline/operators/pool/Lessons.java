package sightline.operators.pool;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import sightline.config.domain.ObjectClass;

/**
 * Shows a pack's pictures to teachers, several at once.
 *
 * @param lesson a new one for each thread
 * @param threads that teachers look with
 */
public record Lessons(Supplier<Lesson> lesson, int threads) {
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
        return new Lessons(() -> Lesson.dense(teacher.get(), wanted), threads).give(pack, done -> {});
    }

    /**
     * A pack whose incompletely labelled pictures a detector has looked at.
     *
     * @param teacher a new one for each thread
     * @param merge how its boxes join those that are there
     */
    public static TrainPack detect(TrainPack pack, Supplier<Teacher> teacher, LabelMerge merge, int threads)
            throws IOException, InterruptedException {
        return new Lessons(() -> Lesson.boxes(teacher.get(), merge), threads).give(pack, done -> {});
    }

    /**
     * The pack with the teachers' word.
     *
     * @param done is told after each picture, in their order, how many that makes
     */
    public TrainPack give(TrainPack pack, IntConsumer done) throws IOException, InterruptedException {
        List<Lesson> lessons = new ArrayList<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
            ThreadLocal<Lesson> own = ThreadLocal.withInitial(() -> {
                synchronized (lessons) {
                    lessons.add(lesson.get());
                    return lessons.getLast();
                }
            });
            var trained = start(pack.trained(), own, workers);
            var held = start(pack.heldOut(), own, workers);
            try {
                return new TrainPack(
                        finished(trained, done),
                        finished(held, more -> done.accept(pack.trained().size() + more)));
            } finally {
                // Nothing is left to do, unless a teacher failed: then the rest need not be looked at.
                workers.shutdownNow();
            }
        } finally {
            lessons.forEach(Lesson::close);
        }
    }

    private static List<Future<LabeledPicture>> start(
            List<LabeledPicture> pictures, ThreadLocal<Lesson> lesson, ExecutorService workers) {
        List<Future<LabeledPicture>> running = new ArrayList<>();
        for (LabeledPicture p : pictures) {
            running.add(workers.submit(() -> lesson.get().give(p)));
        }
        return running;
    }

    private static List<LabeledPicture> finished(List<Future<LabeledPicture>> running, IntConsumer done)
            throws IOException, InterruptedException {
        List<LabeledPicture> pictures = new ArrayList<>();
        for (Future<LabeledPicture> p : running) {
            try {
                pictures.add(p.get());
                done.accept(pictures.size());
            } catch (ExecutionException e) {
                throw new IOException("a teacher failed: " + e.getCause().getMessage(), e.getCause());
            }
        }
        return pictures;
    }
}
