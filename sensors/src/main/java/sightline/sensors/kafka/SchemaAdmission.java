package sightline.sensors.kafka;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Admits versions 1 to {@code newestKnown}; a record without the header is version 1. */
record SchemaAdmission(String header, int newestKnown) implements Admission {

    @Override
    public void check(ConsumerRecord<byte[], byte[]> record) throws RefusedRecordException {
        Header found = record.headers().lastHeader(header);
        if (found == null || found.value() == null) {
            return;
        }
        String text = new String(found.value(), StandardCharsets.UTF_8);
        if (version(text) < 1 || version(text) > newestKnown) {
            throw new RefusedRecordException("schema version '" + text + "' in " + header
                    + " is unknown; this reader knows 1 to " + newestKnown);
        }
    }

    private static int version(String text) {
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
