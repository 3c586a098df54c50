package sightline.config.settings;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads YAML 1.2 into a loader. Maps nest the words of keys; {@code fusion: {tick: 50ms}} and {@code fusion.tick: 50ms}
 * are the same.
 *
 * <p>Works on nodes rather than values, since only nodes know their line. A file cannot make it work for long: it
 * descends only where registered keys go on, and the parser bounds the text.
 */
final class YamlSource {

    private static final LoadSettings YAML = LoadSettings.builder().build();

    private final SettingsRegistry registry;
    private final SettingsLoader loader;
    private final String name;
    private final Set<String> seen = new HashSet<>();

    YamlSource(SettingsRegistry registry, SettingsLoader loader, String name) {
        this.registry = registry;
        this.loader = loader;
        this.name = name;
    }

    void read(String text) {
        try {
            Optional<Node> root = new Compose(YAML).composeString(text);
            if (root.isEmpty()) {
                return;
            }
            if (!(root.get() instanceof MappingNode mapping)) {
                loader.problem(name + ": holds no keys");
                return;
            }
            map("", mapping);
            sections(text);
        } catch (MarkedYamlEngineException e) {
            String line = e.getProblemMark()
                    .map(mark -> " line " + (mark.getLine() + 1))
                    .orElse("");
            loader.problem(name + line + ": not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            loader.problem(name + ": not YAML: " + e.getMessage());
        }
    }

    private void sections(String text) {
        if (seen.stream().noneMatch(registry.sections()::containsKey)) {
            return;
        }
        if (new Load(YAML).loadFromString(text) instanceof java.util.Map<?, ?> content) {
            for (String section : registry.sections().keySet()) {
                if (content.get(section) != null) {
                    loader.putSection(section, content.get(section));
                }
            }
        }
    }

    private void map(String prefix, MappingNode mapping) {
        for (NodeTuple tuple : mapping.getValue()) {
            String word = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "(a list or map)";
            String key = prefix.isEmpty() ? word : prefix + "." + word;
            entry(key, tuple.getValueNode(), place(tuple.getKeyNode()));
        }
    }

    private void entry(String key, Node value, String place) {
        Optional<Setting<?>> setting = registry.find(key);
        boolean section = registry.sections().containsKey(key);
        if ((setting.isPresent() || section) && !seen.add(key)) {
            loader.problem(place + ": " + key + ": stands in the file twice");
        } else if (setting.isPresent()) {
            assign(setting.get(), value, place);
        } else if (registry.isPrefix(key) && value instanceof MappingNode nested) {
            map(key, nested);
        } else if (!section) {
            loader.unknown(key, shown(value), place, registry.nearest(key));
        }
    }

    private <T> void assign(Setting<T> setting, Node value, String place) {
        switch (value) {
            case ScalarNode scalar -> loader.put(setting, scalar.getValue(), place, s -> s.read(scalar.getValue()));
            case SequenceNode sequence -> {
                List<String> items = new ArrayList<>();
                for (Node item : sequence.getValue()) {
                    items.add(shown(item));
                }
                loader.put(setting, items.toString(), place, s -> s.readAll(items));
            }
            default -> loader.problem(place + ": " + setting.key() + ": a map, where one value belongs");
        }
    }

    private String place(Node node) {
        return node.getStartMark()
                .map(mark -> name + " line " + (mark.getLine() + 1))
                .orElse(name);
    }

    private static String shown(Node node) {
        return switch (node) {
            case ScalarNode scalar -> scalar.getValue();
            case SequenceNode sequence -> "a list";
            default -> "a map";
        };
    }
}
