package sightline.pipeline.web;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * JSON schemas of the Foxglove messages that are sent, with the fields that are filled. Foxglove recognises a schema by its
 * name and reads binary fields in base64.
 */
final class FoxgloveSchemas {
    private static final String NUMBER = "{\"type\":\"number\"}";
    private static final String TEXT = "{\"type\":\"string\"}";
    private static final String INTEGER = "{\"type\":\"integer\"}";
    private static final String BYTES = "{\"type\":\"string\",\"contentEncoding\":\"base64\"}";
    private static final String TIME = object("sec", INTEGER, "nsec", INTEGER);
    private static final String POINT2 = object("x", NUMBER, "y", NUMBER);
    private static final String POINT3 = object("x", NUMBER, "y", NUMBER, "z", NUMBER);
    private static final String QUATERNION = object("x", NUMBER, "y", NUMBER, "z", NUMBER, "w", NUMBER);
    private static final String COLOUR = object("r", NUMBER, "g", NUMBER, "b", NUMBER, "a", NUMBER);
    private static final String POSE = object("position", POINT3, "orientation", QUATERNION);
    private static final String PAIR = object("key", TEXT, "value", TEXT);

    static final String IMAGE = object("timestamp", TIME, "frame_id", TEXT, "data", BYTES, "format", TEXT);

    static final String ANNOTATIONS = object(
            "circles",
            array(object(
                    "timestamp",
                    TIME,
                    "position",
                    POINT2,
                    "diameter",
                    NUMBER,
                    "thickness",
                    NUMBER,
                    "fill_color",
                    COLOUR,
                    "outline_color",
                    COLOUR)),
            "points",
            array(object(
                    "timestamp",
                    TIME,
                    "type",
                    INTEGER,
                    "points",
                    array(POINT2),
                    "outline_color",
                    COLOUR,
                    "outline_colors",
                    array(COLOUR),
                    "fill_color",
                    COLOUR,
                    "thickness",
                    NUMBER)),
            "texts",
            array(object(
                    "timestamp",
                    TIME,
                    "position",
                    POINT2,
                    "text",
                    TEXT,
                    "font_size",
                    NUMBER,
                    "text_color",
                    COLOUR,
                    "background_color",
                    COLOUR)));

    static final String SCENE = object(
            "deletions",
            array(object("timestamp", TIME, "type", INTEGER, "id", TEXT)),
            "entities",
            array(object(
                    "timestamp",
                    TIME,
                    "frame_id",
                    TEXT,
                    "id",
                    TEXT,
                    "lifetime",
                    TIME,
                    "frame_locked",
                    "{\"type\":\"boolean\"}",
                    "metadata",
                    array(PAIR),
                    "arrows",
                    array(object(
                            "pose",
                            POSE,
                            "shaft_length",
                            NUMBER,
                            "shaft_diameter",
                            NUMBER,
                            "head_length",
                            NUMBER,
                            "head_diameter",
                            NUMBER,
                            "color",
                            COLOUR)),
                    "cylinders",
                    array(object(
                            "pose",
                            POSE,
                            "size",
                            POINT3,
                            "bottom_scale",
                            NUMBER,
                            "top_scale",
                            NUMBER,
                            "color",
                            COLOUR)),
                    "lines",
                    array(object(
                            "type",
                            INTEGER,
                            "pose",
                            POSE,
                            "thickness",
                            NUMBER,
                            "scale_invariant",
                            "{\"type\":\"boolean\"}",
                            "points",
                            array(POINT3),
                            "color",
                            COLOUR,
                            "colors",
                            array(COLOUR),
                            "indices",
                            array(INTEGER))),
                    "texts",
                    array(object(
                            "pose",
                            POSE,
                            "billboard",
                            "{\"type\":\"boolean\"}",
                            "font_size",
                            NUMBER,
                            "scale_invariant",
                            "{\"type\":\"boolean\"}",
                            "color",
                            COLOUR,
                            "text",
                            TEXT)))));

    static final String CALIBRATION = object(
            "timestamp",
            TIME,
            "frame_id",
            TEXT,
            "width",
            INTEGER,
            "height",
            INTEGER,
            "distortion_model",
            TEXT,
            "D",
            array(NUMBER),
            "K",
            array(NUMBER),
            "R",
            array(NUMBER),
            "P",
            array(NUMBER));

    static final String TRANSFORM = object(
            "timestamp",
            TIME,
            "parent_frame_id",
            TEXT,
            "child_frame_id",
            TEXT,
            "translation",
            POINT3,
            "rotation",
            QUATERNION);

    static final String LOG =
            object("timestamp", TIME, "level", INTEGER, "message", TEXT, "name", TEXT, "file", TEXT, "line", INTEGER);

    private FoxgloveSchemas() {}

    private static String array(String of) {
        return "{\"type\":\"array\",\"items\":" + of + "}";
    }

    /** Names and schemas in turn. */
    private static String object(String... fields) {
        String properties = Stream.iterate(0, i -> i < fields.length, i -> i + 2)
                .map(i -> "\"" + fields[i] + "\":" + fields[i + 1])
                .collect(Collectors.joining(","));
        return "{\"type\":\"object\",\"properties\":{" + properties + "}}";
    }
}
