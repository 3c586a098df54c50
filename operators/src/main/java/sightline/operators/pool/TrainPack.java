package sightline.operators.pool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import sightline.config.domain.Box;
import sightline.config.domain.ObjectClass;

/**
 * Everything a run needs to see in one file that travels: encoded pictures with their labels, teachers' included, and
 * which of them are held out. A ZIP whose entries are stored as they are, with {@code labels.json} first.
 *
 * @param trained pictures to learn from
 * @param heldOut pictures to evaluate on, no near-duplicate of any trained one
 */
public record TrainPack(List<LabeledPicture> trained, List<LabeledPicture> heldOut) {
    /** Nothing: for recipes whose pictures are all simulated. */
    public static final TrainPack EMPTY = new TrainPack(List.of(), List.of());

    private static final String STREET = ".street";
    private static final double UNIT = 10_000;

    public TrainPack {
        trained = List.copyOf(trained);
        heldOut = List.copyOf(heldOut);
    }

    /** Writes the file anew. */
    public void write(Path file) throws IOException {
        write(new BufferedOutputStream(Files.newOutputStream(file)));
    }

    /** How large the file would be. */
    long bytes() throws IOException {
        var file = new ByteArrayOutputStream();
        write(file);
        return file.size();
    }

    /** Closes {@code file}. */
    private void write(OutputStream file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ArrayNode index = json.createArrayNode();
        trained.forEach(p -> describe(index.addObject(), p, false));
        heldOut.forEach(p -> describe(index.addObject(), p, true));
        try (var zip = new ZipOutputStream(file)) {
            zip.setLevel(Deflater.BEST_COMPRESSION);
            put(zip, "labels.json", json.writeValueAsBytes(index), ZipEntry.DEFLATED);
            put(zip, trained);
            put(zip, heldOut);
        }
    }

    public static TrainPack read(Path file) throws IOException {
        Map<String, byte[]> entries = new HashMap<>();
        try (var zip = new ZipInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
                entries.put(e.getName(), zip.readAllBytes());
            }
        }
        byte[] labels = entries.get("labels.json");
        if (labels == null) {
            throw new IOException(file + " is no training pack: labels.json is missing");
        }
        List<LabeledPicture> trained = new ArrayList<>();
        List<LabeledPicture> heldOut = new ArrayList<>();
        for (JsonNode n : new ObjectMapper().readTree(new String(labels, StandardCharsets.UTF_8))) {
            LabeledPicture p = picture(n, entries);
            (n.get("heldOut").asBoolean() ? heldOut : trained).add(p);
        }
        return new TrainPack(trained, heldOut);
    }

    /**
     * The same labels with smaller pictures: teachers look at good ones, students at what travels.
     *
     * @param longestSide pictures are shrunk to this
     * @param quality of the JPEGs, 0..1
     */
    public TrainPack smaller(int longestSide, float quality) throws IOException {
        return new TrainPack(smaller(trained, longestSide, quality), smaller(heldOut, longestSide, quality));
    }

    private static List<LabeledPicture> smaller(List<LabeledPicture> pictures, int longestSide, float quality)
            throws IOException {
        List<LabeledPicture> smaller = new ArrayList<>(pictures.size());
        for (LabeledPicture p : pictures) {
            smaller.add(p.encodedAs(p.decode().atMost(longestSide).smallJpeg(quality)));
        }
        return smaller;
    }

    private static void describe(ObjectNode n, LabeledPicture p, boolean held) {
        n.put("name", NeverTrain.check(p.name()));
        n.put("source", p.source()).put("complete", p.complete()).put("heldOut", held);
        ArrayNode objects = n.putArray("objects");
        for (LabeledObject o : p.objects()) {
            objects.addArray()
                    .add(o.label().label())
                    .add(rounded(o.box().x()))
                    .add(rounded(o.box().y()))
                    .add(rounded(o.box().width()))
                    .add(rounded(o.box().height()))
                    .add(rounded(o.score()))
                    .add(o.ignored());
        }
        DenseLabels.describe(n, p.teaching());
    }

    /** To a twentieth of a pixel or better: more digits would say nothing and take a hundredth of the pack. */
    private static double rounded(double fraction) {
        return Math.rint(fraction * UNIT) / UNIT;
    }

    private static LabeledPicture picture(JsonNode n, Map<String, byte[]> entries) {
        List<LabeledObject> objects = new ArrayList<>();
        for (JsonNode o : n.get("objects")) {
            objects.add(new LabeledObject(
                    ObjectClass.valueOf(o.get(0).asText().toUpperCase(Locale.ROOT)),
                    new Box(
                            o.get(1).asDouble(),
                            o.get(2).asDouble(),
                            o.get(3).asDouble(),
                            o.get(4).asDouble()),
                    o.get(5).asDouble(),
                    o.get(6).asBoolean()));
        }
        String name = n.get("name").asText();
        return new LabeledPicture(
                name,
                n.get("source").asText(),
                n.get("complete").asBoolean(),
                entries.get(name),
                objects,
                DenseLabels.read(n, entries.get(name + STREET)));
    }

    private static void put(ZipOutputStream zip, List<LabeledPicture> pictures) throws IOException {
        for (LabeledPicture p : pictures) {
            put(zip, p.name(), p.encoded(), ZipEntry.STORED);
            if (p.teaching().street() != null) {
                put(zip, p.name() + STREET, p.teaching().street().cells(), ZipEntry.DEFLATED);
            }
        }
    }

    private static void put(ZipOutputStream zip, String name, byte[] bytes, int method) throws IOException {
        var entry = new ZipEntry(name);
        entry.setMethod(method);
        entry.setTime(0);
        if (method == ZipEntry.STORED) {
            var crc = new CRC32();
            crc.update(bytes);
            entry.setCrc(crc.getValue());
            entry.setSize(bytes.length);
        }
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }
}
