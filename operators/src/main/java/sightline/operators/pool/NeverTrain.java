package sightline.operators.pool;

import java.util.List;

/** What evaluation stands on. A training source that names any of it is refused. */
public final class NeverTrain {
    private static final List<String> LIST =
            List.of("eval/", "mot/", "vtest", "pets2009/", "wildtrack/", "tud-campus", "pets09");

    private NeverTrain() {}

    /** Fails when {@code name} belongs to an evaluation set. */
    public static String check(String name) {
        String lower = name.replace('\\', '/').toLowerCase(java.util.Locale.ROOT);
        for (String barred : LIST) {
            if (lower.contains(barred)) {
                throw new IllegalArgumentException(name + " is for evaluation and must never be trained on");
            }
        }
        return name;
    }
}
