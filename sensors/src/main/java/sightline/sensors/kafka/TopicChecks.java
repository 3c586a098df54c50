package sightline.sensors.kafka;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Topics as they are against topics as the contract wants them. */
final class TopicChecks {
    private static final String LIMIT = "max.message.bytes";

    private TopicChecks() {}

    static void check(Collection<TopicSpec> wanted, Map<String, TopicState> found, List<Finding> findings) {
        for (TopicSpec spec : wanted) {
            TopicState state = found.get(spec.name());
            if (state == null) {
                findings.add(Finding.blocker("Create topic " + spec.name() + " with " + spec.partitions()
                        + " partitions (topics create does)."));
            } else {
                compare(spec, state, findings);
            }
        }
    }

    private static void compare(TopicSpec spec, TopicState state, List<Finding> findings) {
        if (state.partitions() < spec.partitions()) {
            findings.add(Finding.blocker(String.format(
                    Locale.ROOT,
                    "Raise the partitions of topic %s from %d to %d (kafka-topics --alter --partitions): the site has"
                            + " that many writers and each needs its own.",
                    spec.name(),
                    state.partitions(),
                    spec.partitions())));
        }
        long limit = state.number(LIMIT).orElse(Long.MAX_VALUE);
        if (limit < limit(spec)) {
            findings.add(Finding.blocker(set(spec, LIMIT, limit, limit(spec), "larger records are refused")));
        }
        setting(spec, state, "cleanup.policy", true, "records are kept or deleted against the contract", findings);
        setting(spec, state, "compression.type", false, "frames would be compressed again in the broker", findings);
        setting(
                spec,
                state,
                "message.timestamp.type",
                true,
                "exposure times would be overwritten with the broker's clock",
                findings);
        retention(spec, state, findings);
    }

    private static void setting(
            TopicSpec spec, TopicState state, String name, boolean blocking, String why, List<Finding> findings) {
        String want = spec.settings().get(name);
        String have = state.settings().get(name);
        if (want != null && !want.equals(have)) {
            findings.add(new Finding(blocking, set(spec, name, have, want, why)));
        }
    }

    private static void retention(TopicSpec spec, TopicState state, List<Finding> findings) {
        String want = spec.settings().get("retention.ms");
        long have = state.number("retention.ms").orElse(-1);
        if (want != null && have >= 0 && have < Long.parseLong(want)) {
            findings.add(Finding.advice(set(spec, "retention.ms", have, want, "records go earlier than promised")));
        }
    }

    private static String set(TopicSpec spec, String name, Object have, Object want, String why) {
        return String.format(
                Locale.ROOT,
                "Set %s of topic %s from %s to %s (kafka-configs --alter --topic %s --add-config %s=%s): as it is, %s.",
                name,
                spec.name(),
                have,
                want,
                spec.name(),
                name,
                want,
                why);
    }

    static long limit(TopicSpec spec) {
        String text = spec.settings().get(LIMIT);
        return text == null ? 0 : Long.parseLong(text);
    }
}
