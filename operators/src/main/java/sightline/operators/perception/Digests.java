package sightline.operators.perception;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeSet;
import sightline.kernels.graph.Graph;
import sightline.kernels.weights.Weights;

/** The identity of a network: a digest over its operations and every stored number. */
public final class Digests {
    private static final int SHOWN = 16;

    private Digests() {}

    /** First 64 bits of SHA-256, lower-case hex. Equal for equal graphs and weights, whatever file they came from. */
    public static String of(Graph graph, Weights weights) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(graph.toString().getBytes(StandardCharsets.UTF_8));
            for (String name : new TreeSet<>(weights.names())) {
                sha.update(name.getBytes(StandardCharsets.UTF_8));
                ByteBuffer bytes = weights.find(name).orElseThrow().data().asByteBuffer();
                sha.update(bytes);
            }
            return HexFormat.of().formatHex(sha.digest()).substring(0, SHOWN);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
