package sightline.sensors.scene;

import java.util.Optional;
import sightline.config.domain.Box;
import sightline.config.domain.ImagePoint;
import sightline.config.domain.ObjectClass;
import sightline.config.domain.Pose;

/**
 * What is known for certain of one object in one picture.
 *
 * @param id of the actor
 * @param label its class
 * @param whole the box of the whole object as if nothing hid it; may reach beyond the picture
 * @param visible the box of what shows, within the picture
 * @param visibility share of the object that shows, in (0, 1]; what the picture's edge cuts off counts as hidden
 * @param foot where it touches the ground, if that point shows
 * @param pose joints of a person in the order of {@link sightline.config.domain.Skeleton#CROWDPOSE_14}; a joint's score
 *     is 1 where it shows, 0.5 where it is hidden but in the picture, 0 where it is outside
 * @param depth distance along the viewing axis, metres
 */
public record ObjectLabel(
        String id,
        ObjectClass label,
        Box whole,
        Box visible,
        double visibility,
        Optional<ImagePoint> foot,
        Optional<Pose> pose,
        double depth) {}
