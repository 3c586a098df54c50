package sightline.pipeline.infer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import sightline.config.domain.Detection;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.Mask;
import sightline.config.domain.Pose;
import sightline.operators.perception.Perceiver.Identity;

/** Findings as JSON, one object a picture. */
final class Findings {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Findings() {}

    static String line(String picture, FrameHeader frame, Finding finding, Identity identity) {
        ObjectNode root = JSON.createObjectNode();
        root.put("picture", picture)
                .put("width", frame.width())
                .put("height", frame.height())
                .put("model", identity.name())
                .put("digest", identity.digest())
                .put("engine", identity.engine());
        ArrayNode objects = root.putArray("detections");
        for (Detection d : finding.detections()) {
            objects.addObject()
                    .put("label", d.label().label())
                    .put("score", d.score())
                    .put("x", d.box().x())
                    .put("y", d.box().y())
                    .put("width", d.box().width())
                    .put("height", d.box().height());
        }
        ArrayNode people = root.putArray("poses");
        for (Pose pose : finding.poses()) {
            ArrayNode joints = people.addObject().put("score", pose.score()).putArray("keypoints");
            pose.keypoints()
                    .forEach(k -> joints.addArray().add(k.u()).add(k.v()).add(k.score()));
        }
        ArrayNode masks = root.putArray("masks");
        for (Mask mask : finding.masks()) {
            ObjectNode node = masks.addObject()
                    .put("quality", mask.quality())
                    .put("stability", mask.stability())
                    .put("area", mask.area())
                    .put("x", mask.x())
                    .put("y", mask.y())
                    .put("width", mask.width())
                    .put("height", mask.height());
            mask.thing().ifPresent(t -> node.put("label", t.label().label()));
            ArrayNode counts = node.putArray("counts");
            runs(mask).forEach(counts::add);
        }
        return root.toString();
    }

    /** Lengths of runs, first of absent pixels, down the columns of the mask's own rectangle: COCO's way. */
    private static List<Integer> runs(Mask mask) {
        List<Integer> runs = new ArrayList<>();
        boolean inside = false;
        int length = 0;
        for (int x = 0; x < mask.width(); x++) {
            for (int y = 0; y < mask.height(); y++) {
                if (mask.pixels().get(y * mask.width() + x) != inside) {
                    runs.add(length);
                    inside = !inside;
                    length = 0;
                }
                length++;
            }
        }
        runs.add(length);
        return runs;
    }
}
