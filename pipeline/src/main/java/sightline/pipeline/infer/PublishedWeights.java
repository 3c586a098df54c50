package sightline.pipeline.infer;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sightline.kernels.weights.WeightSource;
import sightline.kernels.weights.WeightSource.Known;

/**
 * Public homes of weights that others trained, under the names of the {@link Catalogue}. Nothing of it is shipped. Digests
 * stand here only where the very bytes were seen; Hugging Face announces those of its files itself, and Google Drive, where
 * the authors of LitePose put theirs, announces none. LitePose-L for CrowdPose and classification with B0 were never
 * published, nor was any detector of the family: ours is part of the project.
 */
public final class PublishedWeights {
    private static final String APACHE = "Apache-2.0";
    private static final String MIT = "MIT";
    private static final String HUGGING_FACE = "https://huggingface.co/";

    private PublishedWeights() {}

    /** All of them, family by family. */
    public static List<WeightSource> all() {
        Stream<WeightSource> classifiers = Stream.of("b1", "b2", "b3", "l1", "l2", "l3")
                .map(v -> huggingFace(
                        "efficientvit-cls-" + v, "han-cai/efficientvit-cls", "efficientvit_" + v + "_r224.pt"));
        Stream<WeightSource> streets = Stream.of("b1", "b2", "b3", "l1", "l2")
                .map(v -> huggingFace(
                        "efficientvit-seg-" + v,
                        "han-cai/efficientvit-seg",
                        "efficientvit_seg_" + v + "_cityscapes.pt"));
        Stream<WeightSource> scenes = Stream.of("b1", "b2", "b3", "l1", "l2")
                .map(v -> huggingFace(
                        "efficientvit-seg-" + v + "-ade20k",
                        "han-cai/efficientvit-seg",
                        "efficientvit_seg_" + v + "_ade20k.pt"));
        Stream<WeightSource> anything = Stream.of("l0", "l1", "l2", "xl0", "xl1")
                .map(v -> huggingFace(
                        "efficientvit-sam-" + v, "mit-han-lab/efficientvit-sam", "efficientvit_sam_" + v + ".pt"));
        Stream<WeightSource> poses = Stream.of(
                googleDrive("litepose-xs", "1U3jIFEmPLbxSUhScZJv1JPAoiFboA8Y6"),
                googleDrive("litepose-s", "1kCmjJfrOScaGFDpguEadwxdyJ_ESoR5P"),
                googleDrive("litepose-m", "189VHaeFg3RkH2wBxm7iIM57cNVf7dN9y"));
        return Stream.of(classifiers, Stream.of(smallest()), streets, scenes, anything, poses)
                .flatMap(sources -> sources)
                .toList();
    }

    public static Optional<WeightSource> find(String name) {
        return all().stream().filter(source -> source.name().equals(name)).findFirst();
    }

    /** The official file from a repository that holds a copy at a fixed commit: the bytes behind this project's goldens. */
    private static WeightSource smallest() {
        return new WeightSource(
                "efficientvit-seg-b0",
                "efficientvit_seg_b0_cityscapes.pt",
                URI.create("https://raw.githubusercontent.com/Earth2Adam/EfficientViTSeg/"
                        + "2c435b6eb93f43cafa8724af6f2adf79faa4726a/ckpts/cityscapes_b0.pt"),
                Optional.of(new Known("923d6fdd5e93640cc0c2f3f213764f34e80b477cd98a6b294d870ea6df5acc50", 2_924_013)),
                APACHE);
    }

    private static WeightSource huggingFace(String name, String repository, String file) {
        URI uri = URI.create(HUGGING_FACE + repository + "/resolve/main/" + file);
        return new WeightSource(name, file, uri, Optional.empty(), APACHE);
    }

    private static WeightSource googleDrive(String name, String id) {
        URI uri = URI.create("https://drive.google.com/uc?export=download&id=" + id);
        return new WeightSource(name, name.replace('-', '_') + "_crowdpose.pth.tar", uri, Optional.empty(), MIT);
    }
}
