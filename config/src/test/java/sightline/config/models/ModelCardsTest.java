package sightline.config.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ModelCardsTest {

    private static final String CARD = """
            name: tiny
            version: '1'
            task: detect
            description: Finds people.
            architecture: efficientvit-det-b0
            parameters: 1234
            input: {width: 416, height: 416}
            classes: [person, car]
            licence: Apache-2.0
            restricted: false
            restriction: ''
            sources:
              - {name: plaza, licence: Apache-2.0, where: here, use: pixels and labels, items: 100, restricted: false}
            teachers: []
            training: {recipe: det.yaml, seed: 7, steps: 1000, device: CPU, weightsFrom: random}
            figures:
              - {metric: AP50, data: plaza, value: 0.5, note: held out}
            limits: [Small people are missed.]
            file: {name: tiny.safetensors, bytes: 99, sha256: %s}
            """.formatted("ab".repeat(32));

    @Test
    void aCardComesBackAsItWas() {
        ModelCard card = ModelCards.read(CARD);

        assertThat(card.figures().getFirst().value()).isEqualTo(.5);
        assertThat(ModelCards.read(ModelCards.yaml(card))).isEqualTo(card);
    }

    @Test
    void jsonWillDoAsWell() {
        String json =
                "{\"name\":\"t\",\"version\":\"1\",\"task\":\"pose\",\"description\":\"d\",\"architecture\":\"a\","
                        + "\"parameters\":1,\"input\":{\"width\":1,\"height\":1},\"licence\":\"MIT\",\"restricted\":false,"
                        + "\"file\":{\"name\":\"f\",\"bytes\":1,\"sha256\":\"" + "0".repeat(64) + "\"}}";
        assertThat(ModelCards.read(json).sources()).isEmpty();
    }

    @Test
    void aModelThatLearntFromARestrictedSourceCannotCallItselfFree() {
        String restricted = CARD.replace("items: 100, restricted: false", "items: 100, restricted: true");

        assertThatThrownBy(() -> ModelCards.read(restricted))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("learnt from plaza (Apache-2.0), which is restricted");
        assertThatThrownBy(() -> ModelCards.read(restricted.replace("\nrestricted: false", "\nrestricted: true")))
                .hasMessageContaining("does not say why");
        ModelCard said = ModelCards.read(restricted
                .replace("\nrestricted: false", "\nrestricted: true")
                .replace("restriction: ''", "restriction: Not for sale."));
        assertThat(ModelCards.markdown(said)).contains("**Restricted.** Not for sale.", "| AP50 | plaza | 0.5 |");
    }

    @Test
    void anUnknownOrMissingFieldIsNamed() {
        assertThatThrownBy(() -> ModelCards.read(CARD + "colour: red\n")).hasMessageContaining("colour");
        assertThatThrownBy(() -> ModelCards.read(CARD.replaceAll("(?m)^parameters: 1234\n", "")))
                .hasMessageContaining("parameters");
        assertThatThrownBy(() -> ModelCards.read(CARD.replaceAll("(?m)^licence: .*\n", "")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ModelCards.read(CARD.replaceAll("(?m)^file: .*\n", "")))
                .hasMessageContaining("file");
        assertThatThrownBy(() -> ModelCards.read("a: [")).hasMessageStartingWith("not a model card");
    }
}
