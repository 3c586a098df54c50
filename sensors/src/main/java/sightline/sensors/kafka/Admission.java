package sightline.sensors.kafka;

import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A check that a record passes before anybody downstream sees it.
 *
 * <p>Runs on the polling thread, so it looks at sizes and headers and never decodes. A refused record goes to the
 * dead-letter topic and its partition moves on.
 */
@FunctionalInterface
public interface Admission {
    /** Returns normally to admit, throws to refuse. */
    void check(ConsumerRecord<byte[], byte[]> record) throws RefusedRecordException;

    /** Refuses records without a value: right for every topic that is not compacted. */
    static Admission valueRequired() {
        return record -> {
            if (record.value() == null) {
                throw new RefusedRecordException("a record without a value has no meaning on " + record.topic());
            }
        };
    }

    /** Refuses records without a value, except on topics where they mean something. */
    static Admission valueUnless(Predicate<String> tombstones) {
        Admission due = valueRequired();
        return record -> {
            if (!tombstones.test(record.topic())) {
                due.check(record);
            }
        };
    }

    /** Refuses values above a size. */
    static Admission atMost(int maxValueBytes) {
        return record -> {
            if (record.serializedValueSize() > maxValueBytes) {
                throw new RefusedRecordException("the value of " + record.serializedValueSize()
                        + " bytes is larger than the " + maxValueBytes + " that this reader takes");
            }
        };
    }

    /**
     * Refuses records whose integer header is missing or above what this reader knows.
     *
     * @param header name of the header that carries the schema version
     * @param newestKnown newest version that this reader understands
     */
    static Admission schemaUpTo(String header, int newestKnown) {
        return new SchemaAdmission(header, newestKnown);
    }
}
