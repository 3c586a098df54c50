package sightline.operators.depict;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import sightline.config.domain.Brief;
import sightline.config.domain.Origin;
import sightline.operators.canvas.Canvas;
import sightline.operators.canvas.RasterCanvas;

/**
 * Makes bytes of a depiction, and leaves no way to make unmarked ones: a strip in the pixels says that it is synthetic,
 * and an XMP packet (PNG {@code iTXt} chunk) says so to programs, with IPTC's digital source type and a history after C2PA's
 * actions: what created it, from which ingredient. It is not signed.
 */
public final class Marking {
    /** IPTC NewsCodes: made by an algorithm from data, no photograph behind it. */
    static final String DATA_DRIVEN = "http://cv.iptc.org/newscodes/digitalsourcetype/dataDrivenMedia";

    static final String TRAINED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";

    private static final String NAMESPACE = "urn:sightline:depiction:1";
    private static final int AFTER_HEADER = 8 + 25;

    private Marking() {}

    /**
     * What made a picture.
     *
     * @param engine code and weights
     * @param digest of brief, engine, seed and size
     * @param trained whether a trained network drew it
     */
    public record Provenance(String engine, String digest, boolean trained) {}

    /** A marked PNG, animated where the depiction has several frames. The images are drawn upon. */
    public static byte[] png(Depiction depiction, Brief brief, Provenance provenance) {
        for (int i = 0; i < depiction.frames().size(); i++) {
            BufferedImage image = depiction.frames().get(i);
            try (RasterCanvas canvas = new RasterCanvas(image)) {
                strip(
                        canvas,
                        image.getWidth(),
                        image.getHeight(),
                        brief,
                        depiction.captions().get(i));
            }
        }
        try {
            return withXmp(encoded(depiction.frames()), xmp(brief, provenance));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] encoded(List<BufferedImage> frames) throws IOException {
        if (frames.size() > 1) {
            return AnimatedPng.of(frames);
        }
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        ImageIO.write(frames.getFirst(), "png", plain);
        return plain.toByteArray();
    }

    /**
     * The visible mark: a strip along the lower edge.
     *
     * @param caption of this frame; empty for none
     */
    static void strip(Canvas canvas, int width, int height, Brief brief, String caption) {
        double size = Math.max(9, Math.min(height * 0.034, width * 0.022));
        double top = height - 2.9 * size;
        canvas.fill(
                List.of(new double[] {0, top}, new double[] {width, top}, new double[] {width, height}, new double[] {
                    0, height
                }),
                0x10151c,
                0.88);
        String evidence = brief.origin() == Origin.LIVE ? "" : " from " + brief.origin() + " evidence";
        canvas.text(
                size * 0.7,
                top + 1.15 * size,
                size,
                "SYNTHETIC, drawn" + evidence + ", not a photograph" + (caption.isEmpty() ? "" : "  |  " + caption),
                0xffd166);
        canvas.text(
                size * 0.7,
                top + 2.4 * size,
                size * 0.92,
                Instant.ofEpochSecond(0, brief.timeNanos())
                                .toString()
                                .substring(0, 19)
                                .replace('T', ' ') + " UTC  " + brief.what(),
                0xe8edf3);
    }

    private static String xmp(Brief brief, Provenance provenance) {
        return String.format(
                Locale.ROOT,
                """
                <?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
                <x:xmpmeta xmlns:x="adobe:ns:meta/">
                 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
                  <rdf:Description rdf:about=""
                    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
                    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
                    xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
                    xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#"
                    xmlns:sightline="%1$s"
                    Iptc4xmpExt:DigitalSourceType="%2$s"
                    xmp:CreatorTool="Sightline %3$s"
                    sightline:Origin="SYNTHETIC"
                    sightline:EvidenceOrigin="%4$s"
                    sightline:Event="%6$s"
                    sightline:BriefVersion="%7$d"
                    sightline:Digest="%5$s"
                    xmpMM:DocumentID="urn:sightline:depiction:%5$s">
                   <xmpMM:History>
                    <rdf:Seq>
                     <rdf:li stEvt:action="created" stEvt:softwareAgent="Sightline %3$s"
                       stEvt:parameters="digitalSourceType=%2$s; ingredient=brief of event %6$s, no photograph"/>
                    </rdf:Seq>
                   </xmpMM:History>
                  </rdf:Description>
                 </rdf:RDF>
                </x:xmpmeta>
                <?xpacket end="r"?>""",
                NAMESPACE,
                provenance.trained() ? TRAINED : DATA_DRIVEN,
                attribute(provenance.engine()),
                brief.origin(),
                attribute(provenance.digest()),
                attribute(brief.event()),
                Brief.VERSION);
    }

    private static String attribute(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }

    /** PNG puts text between the header chunk and the pixels. */
    private static byte[] withXmp(byte[] png, String xmp) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.write("iTXt".getBytes(StandardCharsets.US_ASCII));
        content.write("XML:com.adobe.xmp".getBytes(StandardCharsets.US_ASCII));
        content.write(new byte[5]);
        content.write(xmp.getBytes(StandardCharsets.UTF_8));
        CRC32 crc = new CRC32();
        crc.update(content.toByteArray());
        ByteArrayOutputStream marked = new ByteArrayOutputStream(png.length + content.size() + 12);
        DataOutputStream out = new DataOutputStream(marked);
        out.write(png, 0, AFTER_HEADER);
        out.writeInt(content.size() - 4);
        content.writeTo(out);
        out.writeInt((int) crc.getValue());
        out.write(png, AFTER_HEADER, png.length - AFTER_HEADER);
        return marked.toByteArray();
    }

    /** Whether bytes carry the mark of a depiction; reads the metadata, not the pixels. */
    public static boolean isMarked(byte[] png) {
        ByteBuffer buffer = ByteBuffer.wrap(png);
        if (png.length < AFTER_HEADER) {
            return false;
        }
        buffer.position(8);
        while (buffer.remaining() >= 12) {
            int length = buffer.getInt();
            byte[] type = new byte[4];
            buffer.get(type);
            if (length < 0 || length > buffer.remaining() - 4) {
                return false;
            }
            byte[] body = new byte[length];
            buffer.get(body);
            buffer.getInt();
            if (new String(type, StandardCharsets.US_ASCII).equals("iTXt")
                    && new String(body, StandardCharsets.UTF_8).contains("sightline:Origin=\"SYNTHETIC\"")) {
                return true;
            }
        }
        return false;
    }
}
