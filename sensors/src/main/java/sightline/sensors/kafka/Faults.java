package sightline.sensors.kafka;

import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells polling errors that heal from those that end the stream. */
final class Faults {
    private static final Logger LOG = LoggerFactory.getLogger(Faults.class);
    private static final int MOST_IN_A_ROW = 40;

    private final String name;
    private int inARow;

    Faults(String name) {
        this.name = name;
    }

    void cleared() {
        inARow = 0;
    }

    /** Returns if polling may go on, throws otherwise. */
    void met(KafkaException e) {
        if (fatal(e) || ++inARow > MOST_IN_A_ROW) {
            throw e;
        }
        LOG.warn("{} could not poll and tries again: {}", name, e.toString());
    }

    private static boolean fatal(KafkaException e) {
        return e instanceof WakeupException
                || e instanceof InterruptException
                || e instanceof AuthenticationException
                || e instanceof AuthorizationException
                || e instanceof FencedInstanceIdException
                || e instanceof InvalidTopicException
                || e instanceof InvalidOffsetException
                || e instanceof UnsupportedVersionException;
    }
}
