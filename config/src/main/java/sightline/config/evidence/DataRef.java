package sightline.config.evidence;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The name of a content: its SHA-256. Written {@code sha256:} and 64 lower-case hexadecimal digits.
 *
 * @param hex the digits
 */
public record DataRef(String hex) {

    private static final String SCHEME = "sha256:";
    private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{64}");

    public DataRef {
        if (!DIGITS.matcher(hex).matches()) {
            throw new IllegalArgumentException("'" + hex + "' is not a SHA-256 in lower-case hexadecimal");
        }
    }

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException for anything else; a reference is also a file name, so nothing else may pass
     */
    public static DataRef parse(String text) {
        if (!text.startsWith(SCHEME)) {
            throw new IllegalArgumentException("'" + text + "' does not begin with " + SCHEME);
        }
        return new DataRef(text.substring(SCHEME.length()));
    }

    /** The name of these bytes; the buffer's position is left as it is. */
    public static DataRef of(ByteBuffer content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(content.duplicate());
            return new DataRef(HexFormat.of().formatHex(digest.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The first byte: which part of a store it belongs to. */
    int shard() {
        return HexFormat.fromHexDigits(hex, 0, 2);
    }

    @Override
    public String toString() {
        return SCHEME + hex;
    }
}
