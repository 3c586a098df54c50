package sightline.sensors.broker;

import org.apache.kafka.common.utils.internals.Exit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a failing broker from ending the process that it is a guest in: the server's way out is to exit the JVM. */
final class Exits {
    private static final Logger LOG = LoggerFactory.getLogger(Exits.class);

    private Exits() {}

    static void refuse() {
        Exit.setExitProcedure(Exits::refuse);
        Exit.setHaltProcedure(Exits::refuse);
    }

    private static void refuse(int status, String message) {
        LOG.error("the embedded broker failed and wanted to end the process with status {}: {}", status, message);
        throw new IllegalStateException("the embedded broker failed: " + message);
    }
}
