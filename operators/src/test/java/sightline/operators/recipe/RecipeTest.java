package sightline.operators.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class RecipeTest {
    @Test
    void theDetectorsRecipeIsReadWhole() throws IOException {
        Recipe recipe = Recipe.named("efficientvit-det-b0");
        assertThat(recipe.sources().get("scene")).isGreaterThanOrEqualTo(0.25);
        assertThat(recipe.stages().getLast().until()).isEqualTo(1);
        assertThat(recipe.batch() % recipe.workers()).isZero();
    }

    @Test
    void aMissingSettingIsNamed() {
        assertThatThrownBy(() -> Recipe.parse("name: x\nsources: {a: 1}\nstages: []\naugmentation: {}\n"))
                .hasMessageContaining("lacks 'task'");
    }

    @Test
    void anUnknownRecipeIsNamed() {
        assertThatThrownBy(() -> Recipe.named("nothing-of-the-kind")).hasMessageContaining("nothing-of-the-kind");
    }
}
