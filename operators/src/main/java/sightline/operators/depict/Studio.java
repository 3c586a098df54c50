package sightline.operators.depict;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import sightline.config.domain.Brief;
import sightline.config.domain.Origin;
import sightline.config.domain.RenderRequest;
import sightline.config.domain.RenderResult;
import sightline.config.domain.RenderResult.Verdict;
import sightline.config.time.TimeSource;

/**
 * Turns a request into results: draws, reads back, marks, stores. A picture that the gate rejects is replaced by the
 * schematic, and the result says so.
 *
 * <p>Threading: the work runs where the flux is subscribed. Cancellation is honoured between a depictor's steps. A
 * depictor that fails ends in the schematic with the verdict FAILED, never in an error signal.
 */
public final class Studio {
    /** Where marked pictures go: bytes and the brief that they show in, reference out. */
    @FunctionalInterface
    public interface Shelf {
        String put(byte[] png, Brief brief);
    }

    private static final String EXEMPT =
            "not read back: computed from the brief by projection alone, no model in between";

    private final List<Depictor> depictors;
    private final ReadBackGate gate;
    private final Shelf shelf;
    private final TimeSource clock;

    /**
     * @param depictors by name; the schematic is always there
     * @param gate looks at every picture that a model drew
     * @param shelf keeps the pictures
     * @param clock wall clock, for deadlines
     */
    public Studio(List<Depictor> depictors, ReadBackGate gate, Shelf shelf, TimeSource clock) {
        this.depictors = List.copyOf(depictors);
        this.gate = gate;
        this.shelf = shelf;
        this.clock = clock;
    }

    public Flux<RenderResult> draw(RenderRequest request) {
        if (request.depictor().equals(SchematicDepictor.NAME)) {
            return schematic(request, Verdict.EXEMPT, EXEMPT, 1);
        }
        return depictors.stream()
                .filter(d -> d.name().equals(request.depictor()))
                .findFirst()
                .map(depictor -> drawn(depictor, request))
                .orElseGet(() -> Flux.just(without(
                        request,
                        "-",
                        Verdict.FAILED,
                        "there is no depictor named " + request.depictor() + ", only "
                                + depictors.stream().map(Depictor::name).collect(Collectors.joining(", ", "", " and "))
                                + SchematicDepictor.NAME)));
    }

    private Flux<RenderResult> drawn(Depictor depictor, RenderRequest request) {
        return depictor.depict(request.brief(), sitting(request))
                .doOnNext(d -> {
                    if (clock.nanos() > request.deadlineNanos()) {
                        throw new IllegalStateException("its deadline passed while it was drawn");
                    }
                })
                .concatMap(d -> d.progress() < 1
                        ? Flux.just(preview(depictor, request, d))
                        : depictor.modelled() ? judged(depictor, request, d) : exempt(depictor, request, d))
                .onErrorResume(failure -> failed(request, String.valueOf(failure.getMessage())));
    }

    /** There is always the schematic to show: a depictor that failed, and why. */
    public Flux<RenderResult> failed(RenderRequest request, String reason) {
        return schematic(request, Verdict.FAILED, request.depictor() + ": " + reason, 0);
    }

    private Flux<RenderResult> exempt(Depictor depictor, RenderRequest request, Depiction d) {
        return Flux.just(with(request, depictor.engine(), d, Verdict.EXEMPT, EXEMPT, 1, depictor.trained()));
    }

    private RenderResult preview(Depictor depictor, RenderRequest request, Depiction d) {
        return with(request, depictor.engine(), d, Verdict.EXEMPT, "a preview, not read back", 0, depictor.trained());
    }

    private Flux<RenderResult> judged(Depictor depictor, RenderRequest request, Depiction d) {
        ReadBackGate.Reading reading = gate.read(request.brief(), d.image());
        if (reading.accepted()) {
            return Flux.just(with(
                    request,
                    depictor.engine(),
                    d,
                    Verdict.ACCEPTED,
                    reading.reason(),
                    reading.score(),
                    depictor.trained()));
        }
        return schematic(request, Verdict.REJECTED, reading.reason(), reading.score());
    }

    private Flux<RenderResult> schematic(RenderRequest request, Verdict verdict, String reason, double score) {
        SchematicDepictor schematic = new SchematicDepictor();
        return schematic
                .depict(request.brief(), sitting(request))
                .map(d -> with(request, schematic.engine(), d, verdict, reason, score, false));
    }

    private RenderResult with(
            RenderRequest request,
            String engine,
            Depiction d,
            Verdict verdict,
            String reason,
            double score,
            boolean trained) {
        String digest = digest(request, engine);
        byte[] png = Marking.png(d, request.brief(), new Marking.Provenance(engine, digest, trained));
        String image = shelf.put(png, request.brief());
        return result(request, image, score, verdict, reason, engine, digest, d.progress(), Origin.SYNTHETIC);
    }

    /** A result that says why there is no picture. */
    public RenderResult without(RenderRequest request, String engine, Verdict verdict, String reason) {
        return result(request, "", 0, verdict, reason, engine, "", 1, request.origin());
    }

    private RenderResult result(
            RenderRequest request,
            String image,
            double score,
            Verdict verdict,
            String reason,
            String engine,
            String digest,
            double progress,
            Origin origin) {
        return new RenderResult(
                request.brief().event(),
                request.brief().viewpoint().name(),
                request.depictor(),
                request.seed(),
                image,
                score,
                verdict,
                reason,
                engine,
                digest,
                progress,
                clock.nanos(),
                origin);
    }

    private static Sitting sitting(RenderRequest r) {
        return new Sitting(r.width(), r.height(), r.seed(), r.budgetMillis(), r.deadlineNanos());
    }

    private static String digest(RenderRequest r, String engine) {
        Function<Brief, String> text = b -> b.event() + b.timeNanos() + b.viewpoint() + BriefText.of(b);
        String all = Brief.VERSION + "|" + text.apply(r.brief()) + "|" + engine + "|" + r.seed() + "|" + r.width() + "x"
                + r.height();
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
