package sightline.config.contract;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Trace contexts as the W3C's Trace Context, version 00, has them: {@code 00-<trace>-<span>-<flags>}.
 *
 * <p>A trace begins with a frame at the edge and its ids are made from the frame's own id, so that a replay has them again
 * and nobody needs to remember them. One frame in {@value #SAMPLED_ONE_IN} is sampled, by the same rule everywhere.
 * Stateless and thread-safe.
 */
public final class Traceparent {
    private static final int SAMPLED_ONE_IN = 8;
    private static final int LENGTH = 55;

    private Traceparent() {}

    /** The context of a new trace. */
    public static String root(String id) {
        byte[] hash = hash(id);
        boolean sampled = (hash[31] & 0xFF) % SAMPLED_ONE_IN == 0;
        return "00-" + hex(hash, 0, 16) + "-" + hex(hash, 16, 24) + (sampled ? "-01" : "-00");
    }

    /** The context under which a stage passes on what it made; empty where there is no trace. */
    public static String child(String parent, String stage) {
        return valid(parent)
                ? parent.substring(0, 36) + hex(hash(parent + "/" + stage), 0, 8) + parent.substring(52)
                : "";
    }

    /** Whether its spans are worth keeping. */
    public static boolean sampled(String context) {
        return valid(context) && (Character.digit(context.charAt(LENGTH - 1), 16) & 1) == 1;
    }

    /** The trace's id, 32 hexadecimal digits, of a valid context. */
    public static String trace(String context) {
        return context.substring(3, 35);
    }

    /** The span's id, 16 hexadecimal digits, of a valid context. */
    public static String span(String context) {
        return context.substring(36, 52);
    }

    /** Whether it can be read as a trace context. */
    public static boolean valid(String context) {
        return context.length() == LENGTH && context.startsWith("00-");
    }

    private static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String hex(byte[] hash, int from, int to) {
        return HexFormat.of().formatHex(Arrays.copyOfRange(hash, from, to));
    }
}
