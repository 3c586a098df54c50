package sightline.pipeline.cli.tail;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import sightline.config.contract.Topic;
import sightline.config.contract.Topics;

/** Finds topics by parts of their names. */
public final class TopicNames {

    private TopicNames() {}

    /**
     * The existing topics that the words mean. A word that names a topic in full means that one; any other means every
     * topic that contains it, dead letters only where the word says so.
     */
    public static List<String> match(List<String> words, Collection<String> existing) {
        Set<String> found = new TreeSet<>();
        if (words.isEmpty()) {
            Topics.ALL.stream()
                    .filter(topic -> topic != Topics.FRAME_CAMERA)
                    .map(Topic::name)
                    .filter(existing::contains)
                    .forEach(found::add);
        }
        for (String word : words) {
            List<String> meant = existing.contains(word)
                    ? List.of(word)
                    : existing.stream().filter(name -> contains(name, word)).toList();
            if (meant.isEmpty()) {
                throw new IllegalArgumentException("no topic has '" + word + "' in its name; there are "
                        + String.join(", ", new TreeSet<>(existing)));
            }
            found.addAll(meant);
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("the cluster has no topic of the contract: topics create makes them");
        }
        return List.copyOf(found);
    }

    private static boolean contains(String name, String word) {
        boolean letters = name.endsWith(Topics.DEAD_LETTER_SUFFIX);
        return name.contains(word) && (!letters || word.contains("dlq"));
    }
}
