package sightline.sensors.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;
import sightline.sensors.source.BrokenSourceException;

/** Small XML files, read without following anything that they point to. */
final class Xml {
    private Xml() {}

    static Document read(Path file) {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        try (var in = Files.newInputStream(file)) {
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
            return factory.newDocumentBuilder().parse(in);
        } catch (IOException | SAXException | ParserConfigurationException e) {
            throw new BrokenSourceException(file.getFileName() + " cannot be read", e);
        }
    }

    /** The first element of that name below a node. */
    static Element element(Node parent, String name) {
        var found = parent instanceof Document document
                ? document.getElementsByTagName(name)
                : ((Element) parent).getElementsByTagName(name);
        if (found.getLength() == 0) {
            throw new BrokenSourceException("there is no element " + name);
        }
        return (Element) found.item(0);
    }

    static double number(Element element, String attribute) {
        String text = element.getAttribute(attribute);
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new BrokenSourceException(
                    "attribute " + attribute + " of " + element.getTagName() + " is no number: " + text, e);
        }
    }

    /** The numbers in an element's text. */
    static double[] numbers(Element element) {
        String[] words = element.getTextContent().strip().split("\\s+");
        double[] out = new double[words.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = Double.parseDouble(words[i]);
        }
        return out;
    }
}
