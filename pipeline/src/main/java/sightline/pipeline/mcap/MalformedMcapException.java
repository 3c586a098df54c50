package sightline.pipeline.mcap;

import java.io.IOException;

/** A file that is not MCAP, or is damaged where it must not be; the message says what and where. */
public final class MalformedMcapException extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedMcapException(String message) {
        super(message);
    }

    MalformedMcapException(String message, Throwable cause) {
        super(message, cause);
    }
}
