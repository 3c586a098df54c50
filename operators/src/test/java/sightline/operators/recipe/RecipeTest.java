package sightline.operators.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sightline.kernels.reference.ReferenceEngine;
import sightline.kernels.train.Pause;
import sightline.operators.pool.LabeledPicture;
import sightline.operators.pool.TrainPack;

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
    void anyKeyCanBeGivenAnotherValue() throws IOException {
        Recipe recipe = Recipe.named(
                "efficientvit-det-b0-exact",
                Map.of("optimizer", "coat", "seed", "9", "stages", "[{side: 96, until: 1}]"));
        assertThat(recipe.optimizer()).isEqualTo("coat");
        assertThat(recipe.seed()).isEqualTo(9);
        assertThat(recipe.stages()).containsExactly(new Recipe.Stage(96, 1));
        assertThat(recipe.batch()).isEqualTo(96);
    }

    @Test
    void aKeyThatNoRecipeHasIsNamed() {
        assertThatThrownBy(() -> Recipe.named("efficientvit-det-b0", Map.of("sede", "9")))
                .hasMessageContaining("no 'sede'")
                .hasMessageContaining("seed");
    }

    @Test
    void anUnknownRecipeIsNamed() {
        assertThatThrownBy(() -> Recipe.named("nothing-of-the-kind")).hasMessageContaining("nothing-of-the-kind");
    }

    @Test
    void aRunThatDoesNotFitSaysHowMuchItNeeds() throws Exception {
        Recipe recipe = Recipe.named("efficientvit-det-b0-exact", Map.of("steps", "41"));
        var picture = new LabeledPicture("scene/1", "scene", true, new byte[0], List.of());
        var pack = new TrainPack(List.of(picture), List.of());
        var shop = Workshop.of(List.of(new ReferenceEngine())).within(64 << 20);
        try (var training = new Training(recipe, pack, shop, 1, 1 << 20)) {
            assertThatThrownBy(() -> training.run(Path.of("none"), 100, Pause.NEVER, r -> {}))
                    .hasMessageContaining("efficientvit-det-b0-exact needs at least")
                    .hasMessageContaining("there are 64 MiB");
        }
    }
}
