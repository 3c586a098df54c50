package sightline.operators.pool;

import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a teacher, or several one after the other, add to what is known of a picture.
 *
 * <p>Threading: one call at a time. Ownership: closing it closes its teachers.
 */
public interface Lesson extends AutoCloseable {
    /** The picture with what the teacher says of it. */
    LabeledPicture give(LabeledPicture picture) throws IOException;

    @Override
    void close();

    /** A detector looks at pictures that are not labelled completely. */
    static Lesson boxes(Teacher teacher, LabelMerge merge) {
        return new Lesson() {
            @Override
            public LabeledPicture give(LabeledPicture p) throws IOException {
                return p.complete()
                        ? p
                        : p.labeled(merge.merge(false, p.objects(), teacher.label(p.decode(), merge.floor())));
            }

            @Override
            public void close() {
                teacher.close();
            }
        };
    }

    /**
     * A dense teacher looks.
     *
     * @param wanted at which pictures
     */
    static Lesson dense(DenseTeacher teacher, Predicate<LabeledPicture> wanted) {
        return new Lesson() {
            @Override
            public LabeledPicture give(LabeledPicture p) throws IOException {
                return wanted.test(p) ? p.taught(teacher.teach(p.decode(), p.teaching())) : p;
            }

            @Override
            public void close() {
                teacher.close();
            }
        };
    }

    /** One after the other: each knows what those before it said. */
    static Lesson inTurn(List<Lesson> lessons) {
        return new Lesson() {
            @Override
            public LabeledPicture give(LabeledPicture picture) throws IOException {
                LabeledPicture taught = picture;
                for (Lesson lesson : lessons) {
                    taught = lesson.give(taught);
                }
                return taught;
            }

            @Override
            public void close() {
                lessons.forEach(Lesson::close);
            }
        };
    }
}
