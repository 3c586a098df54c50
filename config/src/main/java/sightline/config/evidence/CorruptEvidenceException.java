package sightline.config.evidence;

import java.io.IOException;

/** A stored content is not what was stored: somebody or something changed it. */
public final class CorruptEvidenceException extends IOException {

    private static final long serialVersionUID = 1L;

    CorruptEvidenceException(DataRef ref, String found) {
        super(ref + " is damaged: " + found);
    }
}
