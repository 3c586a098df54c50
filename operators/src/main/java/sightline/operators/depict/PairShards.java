package sightline.operators.depict;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferUShort;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import sightline.config.contract.Codecs;
import sightline.config.contract.MalformedRecordException;
import sightline.config.domain.RenderRequest;

/**
 * Training pairs in files that many readers can share: {@code shard-00000.zip}, {@code shard-00001.zip} and so on, each
 * with stored entries, those of one pair side by side under its name:
 *
 * <ul>
 *   <li>{@code .brief.pb}: a {@code RenderRequest} of the contract that holds the brief
 *   <li>{@code .txt}: the brief as a prompt, UTF-8
 *   <li>{@code .class.png}, {@code .instance.png}: 8-bit grey, see {@link LayoutRaster}
 *   <li>{@code .depth.png}: 16-bit grey, centimetres; 65535 is the sky or beyond
 *   <li>{@code .pose.png}: 8-bit grey, the joints' channels one below the other
 *   <li>{@code .jpg}: the frame
 * </ul>
 *
 * {@code version.txt} comes first and holds the version of the layout.
 */
public final class PairShards {
    private static final double CENTIMETRES = 100;
    private static final int FAR = 65535;
    private static final String VERSION_ENTRY = "version.txt";

    private PairShards() {}

    /** Writes pairs as they come; keeps one at a time in memory. */
    public static void write(Path directory, int perShard, Iterator<TrainingPair> pairs) throws IOException {
        Files.createDirectories(directory);
        for (int shard = 0; pairs.hasNext(); shard++) {
            Path file = directory.resolve(String.format(Locale.ROOT, "shard-%05d.zip", shard));
            try (ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
                put(zip, VERSION_ENTRY, Integer.toString(LayoutRaster.VERSION).getBytes(StandardCharsets.UTF_8));
                for (int i = 0; i < perShard && pairs.hasNext(); i++) {
                    write(zip, pairs.next());
                }
            }
        }
    }

    private static void write(ZipOutputStream zip, TrainingPair pair) throws IOException {
        LayoutRaster l = pair.layout();
        RenderRequest request = new RenderRequest(
                pair.brief(),
                "frame",
                0,
                0,
                0,
                0,
                l.width(),
                l.height(),
                pair.brief().origin());
        put(zip, pair.name() + ".brief.pb", Codecs.RENDER_REQUEST.encode(request));
        put(zip, pair.name() + ".txt", BriefText.of(pair.brief()).getBytes(StandardCharsets.UTF_8));
        put(zip, pair.name() + ".class.png", grey(l.classes(), l.width(), l.height()));
        put(zip, pair.name() + ".instance.png", grey(l.instances(), l.width(), l.height()));
        put(zip, pair.name() + ".depth.png", depth(l));
        put(zip, pair.name() + ".pose.png", grey(l.poses(), l.width(), l.poses().length / l.width()));
        put(zip, pair.name() + ".jpg", pair.jpeg());
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        // The same pairs make the same bytes, whenever they are written.
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private static byte[] grey(byte[] values, int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        System.arraycopy(values, 0, ((DataBufferByte) image.getRaster().getDataBuffer()).getData(), 0, values.length);
        return png(image);
    }

    private static byte[] depth(LayoutRaster l) throws IOException {
        BufferedImage image = new BufferedImage(l.width(), l.height(), BufferedImage.TYPE_USHORT_GRAY);
        short[] out = ((DataBufferUShort) image.getRaster().getDataBuffer()).getData();
        for (int i = 0; i < out.length; i++) {
            out[i] = (short) Math.min(FAR, Math.round(l.depth()[i] * CENTIMETRES));
        }
        return png(image);
    }

    private static byte[] png(BufferedImage image) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }

    /** The pairs of one shard; depths come back rounded to centimetres. */
    public static List<TrainingPair> read(Path shard) throws IOException {
        Map<String, Map<String, byte[]>> pairs = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new BufferedInputStream(Files.newInputStream(shard)))) {
            ZipEntry first = zip.getNextEntry();
            if (first == null || !first.getName().equals(VERSION_ENTRY)) {
                throw new IOException(shard + " is no shard of training pairs: " + VERSION_ENTRY + " is not first");
            }
            String version = new String(zip.readAllBytes(), StandardCharsets.UTF_8);
            if (!version.equals(Integer.toString(LayoutRaster.VERSION))) {
                throw new IOException(shard + " has layouts of version " + version + ", not " + LayoutRaster.VERSION);
            }
            for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
                int dot = e.getName().indexOf('.');
                pairs.computeIfAbsent(e.getName().substring(0, dot), n -> new LinkedHashMap<>())
                        .put(e.getName().substring(dot), zip.readAllBytes());
            }
        }
        List<TrainingPair> all = new ArrayList<>(pairs.size());
        for (Map.Entry<String, Map<String, byte[]>> pair : pairs.entrySet()) {
            all.add(pair(shard, pair.getKey(), pair.getValue()));
        }
        return all;
    }

    private static TrainingPair pair(Path shard, String name, Map<String, byte[]> parts) throws IOException {
        try {
            RenderRequest request = Codecs.RENDER_REQUEST.decode(part(shard, name, parts, ".brief.pb"));
            BufferedImage depth = ImageIO.read(new ByteArrayInputStream(part(shard, name, parts, ".depth.png")));
            short[] centimetres = ((DataBufferUShort) depth.getRaster().getDataBuffer()).getData();
            float[] metres = new float[centimetres.length];
            for (int i = 0; i < metres.length; i++) {
                int c = centimetres[i] & FAR;
                metres[i] = c == FAR ? Float.POSITIVE_INFINITY : (float) (c / CENTIMETRES);
            }
            return new TrainingPair(
                    name,
                    request.brief(),
                    new LayoutRaster(
                            request.width(),
                            request.height(),
                            bytes(part(shard, name, parts, ".class.png")),
                            bytes(part(shard, name, parts, ".instance.png")),
                            metres,
                            bytes(part(shard, name, parts, ".pose.png"))),
                    part(shard, name, parts, ".jpg"));
        } catch (MalformedRecordException e) {
            throw new IOException(shard + " has a brief of " + name + " that cannot be read: " + e.getMessage(), e);
        }
    }

    private static byte[] bytes(byte[] png) throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
        return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    }

    private static byte[] part(Path shard, String name, Map<String, byte[]> parts, String suffix) throws IOException {
        byte[] part = parts.get(suffix);
        if (part == null) {
            throw new IOException(shard + " has no " + name + suffix);
        }
        return part;
    }
}
