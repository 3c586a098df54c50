package sightline.operators;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sightline.config.domain.Skeleton;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.operators.data.TestData;
import sightline.operators.efficientvit.EfficientVit;
import sightline.operators.efficientvit.Segmenter.Labels;
import sightline.operators.efficientvit.Variant;
import sightline.operators.litepose.LitePose;
import sightline.operators.litepose.Size;
import sightline.operators.sam.ImageEncoder;
import sightline.operators.sam.MaskDecoder;
import sightline.operators.sam.Sam;

/** Parameter counts of every variant, and keys and shapes of those whose tables are at hand, equal the official ones. */
class OfficialNamesTest {
    private static final Shape SMALL = Shape.of(1, 3, 64, 64);

    @ParameterizedTest
    @CsvSource({
        "B0, 682608, 3410008",
        "B1, 4643936, 9102024",
        "B2, 14977008, 24330712",
        "B3, 38997440, 48646056",
        "L1, 38037280, 52654088",
        "L2, 49090208, 63707016",
        "L3, 193998144, 246037288"
    })
    void backbonesAndClassifiersHaveTheOfficialSize(Variant variant, long backbone, long classifier) {
        assertThat(EfficientVit.backbone(variant, SMALL).parameterCount()).isEqualTo(backbone);
        assertThat(EfficientVit.classification(variant, SMALL, 1000).parameterCount())
                .isEqualTo(classifier);
    }

    @ParameterizedTest
    @CsvSource({
        "B0, CITYSCAPES, 706691",
        "B1, CITYSCAPES, 4803443",
        "B1, ADE20K, 4791414",
        "B2, CITYSCAPES, 15323779",
        "B2, ADE20K, 15293382",
        "B3, CITYSCAPES, 39603155",
        "B3, ADE20K, 39546198",
        "L1, CITYSCAPES, 40242227",
        "L1, ADE20K, 40409526",
        "L2, CITYSCAPES, 52607923",
        "L2, ADE20K, 51462454"
    })
    void segmentersHaveTheOfficialSize(Variant variant, Labels labels, long parameters) {
        assertThat(EfficientVit.segmentation(variant, labels, SMALL).parameterCount())
                .isEqualTo(parameters);
    }

    @ParameterizedTest
    @CsvSource({"XS, 1675552, 1675912", "S, 2731240, 2731624", "M, 3533808, 3534336", "L, 5738120, 5738672"})
    void posersHaveTheOfficialSize(Size size, long crowdPose, long coco) {
        assertThat(LitePose.graph(size, Skeleton.CROWDPOSE_14, SMALL).parameterCount())
                .isEqualTo(crowdPose);
        assertThat(LitePose.graph(size, Skeleton.COCO_17, SMALL).parameterCount())
                .isEqualTo(coco);
    }

    @ParameterizedTest
    @CsvSource({
        "L0, 30728224, 34792784, 409",
        "L1, 43585568, 47650128, 515",
        "L2, 57264032, 61328592, 645",
        "XL0, 112893344, 116957904, 455",
        "XL1, 199281568, 203346128, 701"
    })
    void samHasTheOfficialSize(Sam sam, long encoder, long all, int keys) {
        Graph image = ImageEncoder.graph(sam, Shape.of(1, 3, 128, 128), 8);
        Graph masks = MaskDecoder.graph(sam, 8, 1, 2, true);
        assertThat(image.parameterCount()).isEqualTo(encoder);
        assertThat(image.parameterCount() + masks.parameterCount()).isEqualTo(all);
        assertThat(image.parameters().size() + masks.parameters().size()).isEqualTo(keys);
    }

    @Test
    void keysAndShapesEqualTheOfficialTables() throws IOException {
        JsonNode tables =
                new ObjectMapper().readTree(TestData.file("keys/evit_keys.json").toFile());
        compare(tables.get("seg_b0_cityscapes"), EfficientVit.segmentation(Variant.B0, Labels.CITYSCAPES, SMALL));
        compare(tables.get("cls_b1"), EfficientVit.classification(Variant.B1, SMALL, 1000));
        compare(tables.get("cls_l1"), EfficientVit.classification(Variant.L1, SMALL, 1000));
        for (Sam sam : List.of(Sam.L0, Sam.XL0)) {
            compare(
                    tables.get("sam_" + sam.name().toLowerCase(java.util.Locale.ROOT)),
                    ImageEncoder.graph(sam, Shape.of(1, 3, 128, 128), 8),
                    MaskDecoder.graph(sam, 8, 1, 2, false));
        }
    }

    private static void compare(JsonNode table, Graph... graphs) {
        Map<String, List<Long>> official = new TreeMap<>();
        table.properties().forEach(entry -> {
            List<Long> shape = new ArrayList<>();
            entry.getValue().forEach(n -> shape.add(n.asLong()));
            official.put(entry.getKey(), shape);
        });
        Map<String, List<Long>> ours = new TreeMap<>();
        for (Graph graph : graphs) {
            for (Map.Entry<String, Value> p : graph.parameters().entrySet()) {
                ours.put(
                        p.getKey(),
                        java.util.Arrays.stream(p.getValue().shape().toArray())
                                .boxed()
                                .toList());
            }
        }
        assertThat(ours).isEqualTo(official);
    }
}
