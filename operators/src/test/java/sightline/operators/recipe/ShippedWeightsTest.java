package sightline.operators.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.config.models.ModelCard;
import sightline.kernels.weights.Weights;

class ShippedWeightsTest {
    @ParameterizedTest
    @ValueSource(strings = {"efficientvit-det-b0", "efficientvit-seg-b0-street", "litepose-xs"})
    void whatShipsIsWhatItsCardDescribes(String name) throws Exception {
        ModelCard card = ShippedWeights.card(name).orElseThrow();
        assertThat(card.name()).isEqualTo(name);
        assertThat(card.figures()).isNotEmpty();
        try (InputStream in = ShippedWeights.class.getResourceAsStream(
                "/sightline/models/" + card.file().name())) {
            byte[] file = in.readAllBytes();
            assertThat(file.length).isEqualTo((int) card.file().bytes());
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(file);
            assertThat(HexFormat.of().formatHex(digest)).isEqualTo(card.file().sha256());
        }
        try (Weights weights = ShippedWeights.open(name)) {
            assertThat(weights.names()).isNotEmpty();
        }
    }

    @Test
    void whatDoesNotShipHasNoCard() {
        assertThat(ShippedWeights.card("litepose-l")).isEmpty();
    }
}
