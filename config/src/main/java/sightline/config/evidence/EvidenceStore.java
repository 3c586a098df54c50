package sightline.config.evidence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Keeps contents under the name of their digest.
 *
 * <p>Threading: safe for any number of threads. All methods may block on storage: none belongs on an event loop.
 * Failure: what cannot be read or written is an {@link IOException} that names file and cause, and leaves the store as
 * it was.
 */
public interface EvidenceStore extends AutoCloseable {

    /**
     * Keeps a content. When this returns the content is durable and complete; after a crash before that it is not there
     * at all. The same content stored again is kept once and belongs to all its events and tracks.
     *
     * <p>Makes room by letting the oldest go. A content larger than the whole store is refused.
     *
     * @param content from its position to its limit; not changed, not kept
     */
    DataRef put(ByteBuffer content, EvidenceLabel label) throws IOException;

    /**
     * Finds a content and checks its digest.
     *
     * @return empty if it is not there, which for evidence that is old, evicted or erased is as it should be
     * @throws CorruptEvidenceException if it is not what was stored; storing it again repairs it
     */
    Optional<Evidence> get(DataRef ref) throws IOException;

    /**
     * Forgets an event. A content that is evidence of other events too stays theirs; all others are deleted.
     *
     * @return how many contents were deleted
     */
    int eraseEvent(String event) throws IOException;

    /**
     * Forgets a track: every content that shows it is deleted, whatever events it is evidence of.
     *
     * @return how many contents were deleted
     */
    int eraseTrack(String track) throws IOException;

    /**
     * Deletes what has reached its age. Storing does so as well; a store that nobody writes to needs a timer.
     *
     * @return how many contents were deleted
     */
    int expire() throws IOException;

    EvidenceUsage usage();

    @Override
    void close() throws IOException;
}
