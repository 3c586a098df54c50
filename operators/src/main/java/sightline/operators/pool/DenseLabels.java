package sightline.operators.pool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Dense teachers' labels in a pack's index. A pose is one array: x, y and score of each joint, in ten-thousandths. */
final class DenseLabels {
    private static final float UNIT = 10_000;

    private DenseLabels() {}

    static void describe(ObjectNode n, Teaching t) {
        if (t.looked()) {
            ArrayNode people = n.putArray("people");
            for (LabeledPose pose : t.people()) {
                ArrayNode one = people.addArray();
                for (int j = 0; j < pose.joints(); j++) {
                    one.add(Math.round(pose.x()[j] * UNIT))
                            .add(Math.round(pose.y()[j] * UNIT))
                            .add(Math.round(pose.score()[j] * UNIT));
                }
            }
        }
        if (t.street() != null) {
            n.putArray("street").add(t.street().width()).add(t.street().height());
        }
    }

    static Teaching read(JsonNode n, byte[] cells) {
        Teaching t = Teaching.NONE;
        if (n.has("people")) {
            List<LabeledPose> people = new ArrayList<>();
            n.get("people").forEach(pose -> people.add(pose(pose)));
            t = t.withPeople(people);
        }
        JsonNode size = n.get("street");
        if (size != null) {
            t = t.withStreet(new LabelMap(size.get(0).asInt(), size.get(1).asInt(), cells));
        }
        return t;
    }

    private static LabeledPose pose(JsonNode values) {
        int joints = values.size() / 3;
        var pose = new LabeledPose(new float[joints], new float[joints], new float[joints]);
        for (int j = 0; j < joints; j++) {
            pose.x()[j] = values.get(3 * j).asInt() / UNIT;
            pose.y()[j] = values.get(3 * j + 1).asInt() / UNIT;
            pose.score()[j] = values.get(3 * j + 2).asInt() / UNIT;
        }
        return pose;
    }
}
