package sightline.pipeline.cli.tail;

import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import sightline.config.domain.Belief;
import sightline.config.domain.Detection;
import sightline.config.domain.Detections;
import sightline.config.domain.Event;
import sightline.config.domain.Lease;
import sightline.config.domain.Masks;
import sightline.config.domain.Measurement;
import sightline.config.domain.NodeState;
import sightline.config.domain.ObjectClass;
import sightline.config.domain.Poses;
import sightline.config.domain.RenderRequest;
import sightline.config.domain.RenderResult;
import sightline.config.domain.Scan;
import sightline.config.domain.Segmentation;
import sightline.config.domain.SensorStatus;
import sightline.config.domain.Track;
import sightline.config.domain.TruthPoint;
import sightline.config.site.Calibration;

/** What a message says, in half a line. */
final class Says {

    /** Items of a list that are spelled out. */
    private static final int SPELLED_OUT = 4;

    private Says() {}

    static String what(Object value) {
        return switch (value) {
            case Detections d ->
                "#" + d.frame().sequence() + Line.origin(d.frame().origin())
                        + Line.clock(d.frame().time()) + " " + items(d.detections(), Says::detection);
            case Poses p -> "#" + p.frame().sequence() + " " + p.poses().size() + " poses of " + p.skeleton();
            case Segmentation s ->
                "#" + s.frame().sequence() + " labels " + s.width() + "x" + s.height() + ", "
                        + items(s.instances(), Says::detection);
            case Masks m -> "#" + m.frame().sequence() + " " + m.masks().size() + " masks";
            case Scan s ->
                "#" + s.sequence() + Line.origin(s.origin()) + Line.clock(s.time()) + " "
                        + items(s.measurements(), Says::measurement);
            case Belief b ->
                String.format(
                        Locale.ROOT,
                        "tick %d of incarnation %d%s: %d tracks, %d scans, share %.2f of prior %s",
                        b.tick(),
                        b.incarnation(),
                        Line.origin(b.origin()),
                        b.tracks().size(),
                        b.contributions().size(),
                        b.split(),
                        shortened(b.priorDigest()));
            case NodeState s ->
                "state at tick " + s.tick() + " of incarnation " + s.incarnation() + ", "
                        + Line.size(s.snapshot().length);
            case Lease l -> "held by " + l.holder() + ", generation " + l.generation();
            case TruthPoint t ->
                String.format(
                        Locale.ROOT,
                        "%s at (%.2f, %.2f) m moving (%.2f, %.2f) m/s%s",
                        label(t.label()),
                        t.east(),
                        t.north(),
                        t.velocityEast(),
                        t.velocityNorth(),
                        Line.origin(t.origin()));
            case SensorStatus s ->
                String.format(
                        Locale.ROOT,
                        "%s, %.1f Hz%s%s",
                        s.state(),
                        s.rateHz(),
                        Line.origin(s.origin()),
                        because(s.reason()));
            case Calibration c ->
                "calibration " + c.version() + " for " + c.width() + "x" + c.height() + ", "
                        + c.projection().getClass().getSimpleName();
            case Track t -> track(t);
            case Event e ->
                String.format(
                        Locale.ROOT,
                        "%s %s%s, possible %.2f, necessary %.2f: %s",
                        e.kind(),
                        e.zone(),
                        Line.origin(e.origin()),
                        e.possibility(),
                        e.necessity(),
                        e.text());
            case RenderRequest r ->
                "asks " + r.depictor() + " for " + r.width() + "x" + r.height() + " from "
                        + r.brief().viewpoint().name() + ", seed " + r.seed();
            case RenderResult r ->
                String.format(
                        Locale.ROOT,
                        "%s by %s, score %.2f%s",
                        r.verdict(),
                        r.depictor(),
                        r.score(),
                        because(r.reason()));
            default -> value.toString();
        };
    }

    /** The exposure time that a message speaks of. */
    static OptionalLong exposure(Object value) {
        return switch (value) {
            case Detections d -> OptionalLong.of(d.frame().time().exposureNanos());
            case Poses p -> OptionalLong.of(p.frame().time().exposureNanos());
            case Segmentation s -> OptionalLong.of(s.frame().time().exposureNanos());
            case Masks m -> OptionalLong.of(m.frame().time().exposureNanos());
            case Scan s -> OptionalLong.of(s.time().exposureNanos());
            case Belief b -> OptionalLong.of(b.tickNanos());
            case TruthPoint t -> OptionalLong.of(t.timeNanos());
            case SensorStatus s -> OptionalLong.of(s.timeNanos());
            case Track t -> OptionalLong.of(t.timeNanos());
            case Event e -> OptionalLong.of(e.timeNanos());
            default -> OptionalLong.empty();
        };
    }

    private static String track(Track t) {
        return String.format(
                Locale.ROOT,
                "%s %s%s at (%.2f, %.2f) m, %.2f m/s, present %.2f, absent %.2f, %d scans of %d sensors",
                t.phase(),
                label(t.label()),
                Line.origin(t.origin()),
                t.east(),
                t.north(),
                t.speed(),
                t.presence(),
                t.absence(),
                t.receipt().contributions().size(),
                t.receipt().contributions().stream()
                        .map(c -> c.sensor())
                        .distinct()
                        .count());
    }

    private static String detection(Detection d) {
        return String.format(
                Locale.ROOT,
                "%s %.2f (%.0f, %.0f %.0fx%.0f)",
                label(d.label()),
                d.score(),
                d.box().x(),
                d.box().y(),
                d.box().width(),
                d.box().height());
    }

    private static String measurement(Measurement measurement) {
        return switch (measurement) {
            case Measurement.Position p ->
                String.format(
                        Locale.ROOT,
                        "(%.2f, %.2f) ±(%.2f, %.2f) m",
                        p.east(),
                        p.north(),
                        Math.sqrt(p.varEast()),
                        Math.sqrt(p.varNorth()));
            case Measurement.RangeBearing r ->
                String.format(
                        Locale.ROOT,
                        "%.2f ±%.2f m at %.1f°",
                        r.range(),
                        Math.sqrt(r.varRange()),
                        Math.toDegrees(r.bearing()));
            case Measurement.Bearing b -> String.format(Locale.ROOT, "bearing %.1f°", Math.toDegrees(b.bearing()));
        };
    }

    private static <T> String items(List<T> all, Function<T, String> say) {
        if (all.isEmpty()) {
            return "nothing";
        }
        String some = all.stream().limit(SPELLED_OUT).map(say).collect(Collectors.joining(", "));
        return all.size() <= SPELLED_OUT ? some : some + " and " + (all.size() - SPELLED_OUT) + " more";
    }

    private static String label(ObjectClass label) {
        return label == null ? "something" : label.label();
    }

    private static String because(String reason) {
        return reason.isEmpty() ? "" : ": " + reason;
    }

    private static String shortened(String digest) {
        return digest.isEmpty() ? "-" : digest.substring(0, Math.min(8, digest.length()));
    }
}
