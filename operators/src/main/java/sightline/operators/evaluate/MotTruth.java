package sightline.operators.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sightline.config.domain.Box;
import sightline.config.domain.ObjectClass;
import sightline.operators.evaluate.DetectionEvaluation.Truth;

/**
 * People by frame from a MOT ground truth file ({@code frame, id, left, top, width, height, considered, ...}). Its pixels
 * count from 1, ours from 0; frames keep their numbers, from 1. A row that is not considered becomes an ignored truth.
 */
public final class MotTruth {
    private MotTruth() {}

    public static Map<Integer, List<Truth>> read(Path file) throws IOException {
        Map<Integer, List<Truth>> frames = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            if (line.isBlank()) {
                continue;
            }
            String[] f = line.split(",", -1);
            var box = new Box(
                    Double.parseDouble(f[2]) - 1,
                    Double.parseDouble(f[3]) - 1,
                    Double.parseDouble(f[4]),
                    Double.parseDouble(f[5]));
            boolean considered = Double.parseDouble(f[6]) != 0;
            frames.computeIfAbsent(Integer.parseInt(f[0]), k -> new ArrayList<>())
                    .add(new Truth(ObjectClass.PERSON, box, !considered));
        }
        return frames;
    }
}
