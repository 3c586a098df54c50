package sightline.operators.depict;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/**
 * Puts pictures of one size into one animated PNG (W3C PNG, third edition, section 11.3.6): a decoder that knows nothing of
 * animation shows the first. Plays without end, resting on the last.
 */
final class AnimatedPng {
    private static final int SIGNATURE = 8;
    private static final short FRAME_MILLIS = 180;
    private static final short LAST_MILLIS = 1400;

    private final ByteArrayOutputStream file = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(file);
    private int sequence;

    private AnimatedPng() {}

    static byte[] of(List<BufferedImage> frames) throws IOException {
        return new AnimatedPng().write(frames);
    }

    private byte[] write(List<BufferedImage> frames) throws IOException {
        for (int i = 0; i < frames.size(); i++) {
            ByteArrayOutputStream still = new ByteArrayOutputStream();
            ImageIO.write(frames.get(i), "png", still);
            ByteBuffer png = ByteBuffer.wrap(still.toByteArray());
            if (i == 0) {
                out.write(png.array(), 0, SIGNATURE);
            }
            png.position(SIGNATURE);
            while (png.hasRemaining()) {
                byte[] body = new byte[png.getInt()];
                byte[] type = new byte[4];
                png.get(type).get(body).getInt();
                copy(new String(type, StandardCharsets.US_ASCII), body, i, frames);
            }
        }
        chunk("IEND", new byte[0]);
        return file.toByteArray();
    }

    private void copy(String type, byte[] body, int index, List<BufferedImage> frames) throws IOException {
        switch (type) {
            case "IHDR" -> {
                if (index == 0) {
                    chunk(type, body);
                    chunk("acTL", ints(frames.size(), 0));
                }
                control(frames.get(index), index == frames.size() - 1 ? LAST_MILLIS : FRAME_MILLIS);
            }
            case "IDAT" -> {
                if (index == 0) {
                    chunk(type, body);
                } else {
                    chunk("fdAT", join(ints(sequence++), body));
                }
            }
            default -> {
                // Whatever else an encoder writes belongs to one picture and not to the animation.
            }
        }
    }

    private void control(BufferedImage frame, short millis) throws IOException {
        ByteBuffer body = ByteBuffer.allocate(26);
        body.putInt(sequence++)
                .putInt(frame.getWidth())
                .putInt(frame.getHeight())
                .putInt(0)
                .putInt(0);
        body.putShort(millis).putShort((short) 1000);
        chunk("fcTL", body.array());
    }

    private void chunk(String type, byte[] body) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(body);
        out.writeInt(body.length);
        out.write(name);
        out.write(body);
        out.writeInt((int) crc.getValue());
    }

    private static byte[] ints(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
        for (int value : values) {
            bytes.putInt(value);
        }
        return bytes.array();
    }

    private static byte[] join(byte[] a, byte[] b) {
        return ByteBuffer.allocate(a.length + b.length).put(a).put(b).array();
    }
}
