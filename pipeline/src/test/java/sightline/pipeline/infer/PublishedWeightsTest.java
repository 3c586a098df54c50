package sightline.pipeline.infer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sightline.kernels.weights.WeightSource;

class PublishedWeightsTest {
    @Test
    void everyNameIsOneOfTheCatalogue() {
        assertThat(PublishedWeights.all())
                .extracting(WeightSource::name)
                .doesNotHaveDuplicates()
                .allMatch(name -> Catalogue.find(name).isPresent()
                        || Catalogue.find(name + "-encoder").isPresent());
    }

    @Test
    void noTwoLandInOneFile() {
        assertThat(PublishedWeights.all()).extracting(WeightSource::file).doesNotHaveDuplicates();
    }
}
