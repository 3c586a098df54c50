package sightline.config.settings;

import java.util.Collection;
import java.util.Optional;

/** Finds what a mistyped name may have meant, by edit distance with swapped neighbours (Damerau 1964). */
final class Nearest {

    private Nearest() {}

    /** The closest candidate, unless even that is too far off to be meant. */
    static Optional<String> to(String name, Collection<String> candidates) {
        String best = null;
        int least = Integer.MAX_VALUE;
        for (String candidate : candidates) {
            // A key whose group was forgotten is as near as its last words.
            int distance = Math.min(
                    distance(name, candidate), 1 + distance(name, candidate.substring(candidate.indexOf('.') + 1)));
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return least <= Math.max(2, name.length() / 3) ? Optional.ofNullable(best) : Optional.empty();
    }

    static int distance(String left, String right) {
        int[] before = new int[right.length() + 1];
        int[] row = new int[right.length() + 1];
        int[] next = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            next[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                boolean same = left.charAt(i - 1) == right.charAt(j - 1);
                next[j] = Math.min(Math.min(row[j], next[j - 1]) + 1, row[j - 1] + (same ? 0 : 1));
                if (i > 1
                        && j > 1
                        && left.charAt(i - 1) == right.charAt(j - 2)
                        && left.charAt(i - 2) == right.charAt(j - 1)) {
                    next[j] = Math.min(next[j], before[j - 2] + 1);
                }
            }
            int[] spare = before;
            before = row;
            row = next;
            next = spare;
        }
        return row[right.length()];
    }
}
