package sightline.pipeline.topology;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Schedulers;
import sightline.config.domain.Contribution;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.Event;
import sightline.config.domain.Track;
import sightline.config.evidence.DataRef;
import sightline.config.evidence.EvidenceLabel;
import sightline.config.evidence.EvidenceStore;
import sightline.operators.rules.Evidence;

/**
 * The frames behind events. Holds each camera's newest pictures for a moment; when a rule fires it names those in which the
 * receipts of the tracks involved say that they were measured, and once the event is out it puts them into the store, under
 * the event and its tracks so that erasing either erases them. An event on whose tick nobody was measured names none.
 *
 * <p>Memory: {@value #KEPT} pictures a camera and {@value #PENDING} that wait for their event. Threading: safe for any;
 * {@link #of} hashes at most {@value #OF_AN_EVENT} pictures and does no more. Failure: a picture that cannot be stored is
 * logged, and the event shows it as expired.
 */
final class Album implements Stage, Evidence {
    private static final Logger LOG = LoggerFactory.getLogger(Album.class);

    /** At ten pictures a second longer than a tick waits for its last scan. */
    static final int KEPT = 16;

    static final int OF_AN_EVENT = 2;
    private static final int PENDING = 64;

    private final EvidenceStore store;
    private final Map<String, Deque<EncodedFrame>> newest = new HashMap<>();
    private final Map<DataRef, EncodedFrame> pending = new LinkedHashMap<>();
    private final Disposable.Composite subscriptions = Disposables.composite();
    private volatile String trouble = "";

    Album(EvidenceStore store) {
        this.store = store;
    }

    static Album start(Previews previews, Lookout lookout, EvidenceStore store) {
        Album album = new Album(store);
        album.subscriptions.add(previews.frames().subscribe(album::take, album::failed));
        album.subscriptions.add(
                lookout.events().publishOn(Schedulers.boundedElastic(), PENDING).subscribe(album::keep, album::failed));
        return album;
    }

    private void failed(Throwable failure) {
        trouble = "no frames are kept any more: " + failure.getMessage();
        LOG.error("{}", trouble, failure);
    }

    /** A camera's picture, newer than all before. */
    synchronized void take(EncodedFrame frame) {
        Deque<EncodedFrame> kept = newest.computeIfAbsent(frame.header().camera(), c -> new ArrayDeque<>(KEPT));
        if (kept.size() == KEPT) {
            kept.removeFirst();
        }
        kept.addLast(frame);
    }

    @Override
    public synchronized List<String> of(long timeNanos, List<Track> tracks) {
        Map<String, String> byCamera = new LinkedHashMap<>();
        tracks.stream()
                .flatMap(t -> t.receipt().contributions().stream())
                .filter(Album::measured)
                .sorted(Comparator.comparingLong(c -> Math.abs(c.exposureNanos() - timeNanos)))
                .filter(c -> byCamera.size() < OF_AN_EVENT && !byCamera.containsKey(c.sensor()))
                .forEach(c -> frame(c).ifPresent(frame ->
                        byCamera.put(c.sensor(), remember(frame).toString())));
        return List.copyOf(byCamera.values());
    }

    private static boolean measured(Contribution contribution) {
        return contribution.status() == Contribution.Status.DETECTED
                || contribution.status() == Contribution.Status.LATE;
    }

    private Optional<EncodedFrame> frame(Contribution contribution) {
        return newest.getOrDefault(contribution.sensor(), new ArrayDeque<>()).stream()
                .filter(f -> f.header().sequence() == contribution.sequence())
                .findFirst();
    }

    private DataRef remember(EncodedFrame frame) {
        DataRef ref = DataRef.of(frame.payload());
        pending.put(ref, frame);
        if (pending.size() > PENDING) {
            pending.remove(pending.keySet().iterator().next());
        }
        return ref;
    }

    /** Stores what an event refers to. Blocks on the store. */
    void keep(Event event) {
        for (String reference : event.evidence()) {
            EncodedFrame frame = pending(DataRef.parse(reference));
            if (frame != null) {
                store(frame, event);
            }
        }
    }

    private synchronized EncodedFrame pending(DataRef ref) {
        return pending.get(ref);
    }

    private void store(EncodedFrame frame, Event event) {
        Set<String> tracks = event.tracks().stream().map(Track::id).collect(Collectors.toSet());
        try {
            store.put(
                    frame.payload().duplicate(),
                    new EvidenceLabel(
                            frame.contentType(),
                            frame.header().origin(),
                            frame.header().time().exposureNanos(),
                            Set.of(event.id()),
                            tracks));
            trouble = "";
        } catch (IOException e) {
            trouble = "a frame of event " + event.id() + " could not be kept: " + e.getMessage();
            LOG.warn("{}", trouble);
        }
    }

    @Override
    public String name() {
        return "album";
    }

    @Override
    public String trouble() {
        return trouble;
    }

    @Override
    public void close() {
        subscriptions.dispose();
    }
}
