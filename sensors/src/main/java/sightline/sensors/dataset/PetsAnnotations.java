package sightline.sensors.dataset;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import sightline.config.domain.Box;

/** Annotated boxes of PETS 2009 in CVML, the files that have a centre and a size for each box. */
public final class PetsAnnotations {
    private PetsAnnotations() {}

    /**
     * A box with the identity of its person.
     *
     * @param id of the person
     * @param box in the house's pixels
     */
    public record Annotated(int id, Box box) {}

    /** Boxes by frame number, from 0. */
    public static Map<Integer, List<Annotated>> read(Path file) {
        Map<Integer, List<Annotated>> frames = new TreeMap<>();
        NodeList list = Xml.read(file).getElementsByTagName("frame");
        for (int i = 0; i < list.getLength(); i++) {
            Element frame = (Element) list.item(i);
            List<Annotated> boxes = new ArrayList<>();
            NodeList objects = frame.getElementsByTagName("object");
            for (int j = 0; j < objects.getLength(); j++) {
                Element object = (Element) objects.item(j);
                Element box = Xml.element(object, "box");
                double width = Xml.number(box, "w");
                double height = Xml.number(box, "h");
                // Centres count pixels from 1, as MOT does.
                boxes.add(new Annotated(
                        (int) Xml.number(object, "id"),
                        new Box(
                                Xml.number(box, "xc") - 0.5 * width - 1,
                                Xml.number(box, "yc") - 0.5 * height - 1,
                                width,
                                height)));
            }
            frames.put((int) Xml.number(frame, "number"), List.copyOf(boxes));
        }
        return frames;
    }
}
