package sightline.pipeline.infer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import sightline.config.domain.Detection;
import sightline.config.domain.FrameHeader;
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
        return root.toString();
    }
}
