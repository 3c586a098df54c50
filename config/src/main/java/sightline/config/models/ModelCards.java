package sightline.config.models;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads and writes model cards. Thread-safe. */
public final class ModelCards {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private ModelCards() {}

    /**
     * Reads a card. JSON is YAML, so both will do.
     *
     * @throws IllegalArgumentException naming the field that is unknown, missing or inconsistent
     */
    public static ModelCard read(String text) {
        try {
            return JSON.convertValue(new Load(LoadSettings.builder().build()).loadFromString(text), ModelCard.class);
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException("not a model card: " + e.getMessage(), e);
        } catch (NullPointerException e) {
            throw new IllegalArgumentException("not a model card: a field is missing: " + e.getMessage(), e);
        }
    }

    /** Reads the card in a file. */
    public static ModelCard read(Path file) throws IOException {
        try {
            return read(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new IOException(file.getFileName() + ": " + e.getMessage(), e);
        }
    }

    /** Writes a card as YAML, in the order of its fields. */
    public static String yaml(ModelCard card) {
        Map<?, ?> fields = JSON.convertValue(card, LinkedHashMap.class);
        DumpSettings style = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setWidth(120)
                .build();
        return new Dump(style).dumpToString(fields);
    }

    /** The card as a page for people, in Markdown. */
    public static String markdown(ModelCard card) {
        StringBuilder out = new StringBuilder();
        out.append("# ").append(card.name()).append(' ').append(card.version()).append("\n\n");
        out.append(card.description()).append("\n\n");
        if (card.restricted()) {
            out.append("**Restricted.** ").append(card.restriction()).append("\n\n");
        }
        out.append("- Graph: ").append(card.architecture()).append(", ").append(card.parameters());
        out.append(" parameters, ")
                .append(card.input().width())
                .append('x')
                .append(card.input().height())
                .append('\n');
        out.append("- Licence: ").append(card.licence()).append('\n');
        out.append("- Classes: ").append(String.join(", ", card.classes())).append("\n\n");
        sources(out, "Learnt from", card.sources());
        sources(out, "Teachers", card.teachers());
        if (!card.figures().isEmpty()) {
            out.append("## Measured\n\n| metric | data | value | note |\n|---|---|---|---|\n");
            for (ModelCard.Figure figure : card.figures()) {
                out.append("| ")
                        .append(figure.metric())
                        .append(" | ")
                        .append(figure.data())
                        .append(" | ");
                out.append(figure.value()).append(" | ").append(figure.note()).append(" |\n");
            }
            out.append('\n');
        }
        if (!card.limits().isEmpty()) {
            out.append("## Limits\n\n");
            card.limits().forEach(limit -> out.append("- ").append(limit).append('\n'));
        }
        return out.toString();
    }

    private static void sources(StringBuilder out, String title, Iterable<ModelCard.Source> sources) {
        if (!sources.iterator().hasNext()) {
            return;
        }
        out.append("## ").append(title).append("\n\n| what | licence | use | items | home |\n|---|---|---|---|---|\n");
        for (ModelCard.Source source : sources) {
            out.append("| ").append(source.name()).append(" | ").append(source.licence());
            out.append(source.restricted() ? " (restricted) | " : " | ")
                    .append(source.use())
                    .append(" | ");
            out.append(source.items()).append(" | ").append(source.where()).append(" |\n");
        }
        out.append('\n');
    }
}
