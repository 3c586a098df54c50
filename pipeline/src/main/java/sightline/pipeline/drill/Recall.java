package sightline.pipeline.drill;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sightline.config.domain.Event;

/** How many of a set of drills raised their alarm, and how fast. Not safe for threads. */
public final class Recall {
    private final Map<Event.Kind, List<Outcome>> outcomes = new EnumMap<>(Event.Kind.class);

    public void add(Outcome outcome) {
        outcomes.computeIfAbsent(outcome.play().kind(), k -> new ArrayList<>()).add(outcome);
    }

    /** Whether every drill raised its alarm, and none a live one. */
    public boolean perfect() {
        return outcomes.values().stream()
                .flatMap(List::stream)
                .allMatch(o -> o.alarm().isPresent() && o.live() == 0);
    }

    /** A table for people. */
    public String table() {
        StringBuilder out = new StringBuilder(String.format(
                "%-12s %6s %7s %7s %8s %8s %12s%n",
                "event", "drills", "raised", "recall", "median", "slowest", "live alarms"));
        outcomes.forEach((kind, all) -> {
            double[] delays = delays(all);
            out.append(String.format(
                    Locale.ROOT,
                    "%-12s %6d %7d %5.0f %% %8s %8s %12d%n",
                    kind.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    all.size(),
                    delays.length,
                    100.0 * delays.length / all.size(),
                    seconds(delays, 0.5),
                    seconds(delays, 1),
                    live(all)));
        });
        return out.toString();
    }

    /** The same for programs. */
    public String json() {
        JsonArray rows = new JsonArray();
        outcomes.forEach((kind, all) -> {
            JsonArray delays = new JsonArray();
            all.forEach(o -> o.delay().ifPresentOrElse(delays::add, delays::addNull));
            rows.add(new JsonObject()
                    .put("event", kind.name())
                    .put("drills", all.size())
                    .put("raised", delays(all).length)
                    .put("liveAlarms", live(all))
                    .put("delaySeconds", delays));
        });
        return new JsonObject().put("origin", "DRILL").put("events", rows).encodePrettily();
    }

    private static int live(List<Outcome> all) {
        return all.stream().mapToInt(Outcome::live).sum();
    }

    private static double[] delays(List<Outcome> all) {
        return all.stream()
                .filter(o -> o.delay().isPresent())
                .mapToDouble(o -> o.delay().getAsDouble())
                .sorted()
                .toArray();
    }

    private static String seconds(double[] sorted, double share) {
        return sorted.length == 0
                ? "-"
                : String.format(Locale.ROOT, "%.2f s", sorted[(int) Math.round(share * (sorted.length - 1))]);
    }
}
