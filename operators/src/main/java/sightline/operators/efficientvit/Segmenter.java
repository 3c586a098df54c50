package sightline.operators.efficientvit;

import java.util.List;
import java.util.stream.IntStream;

/** Frames to label maps. */
public final class Segmenter {
    /** What the classes of a head are called. */
    public enum Labels {
        CITYSCAPES(List.of(
                "road",
                "sidewalk",
                "building",
                "wall",
                "fence",
                "pole",
                "traffic light",
                "traffic sign",
                "vegetation",
                "terrain",
                "sky",
                "person",
                "rider",
                "car",
                "truck",
                "bus",
                "train",
                "motorcycle",
                "bicycle")),
        ADE20K(IntStream.range(0, 150).mapToObj(i -> "class " + i).toList());

        private final List<String> names;

        Labels(List<String> names) {
            this.names = names;
        }

        public List<String> names() {
            return names;
        }
    }

    private Segmenter() {}
}
