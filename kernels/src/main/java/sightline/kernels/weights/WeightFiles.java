package sightline.kernels.weights;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;

/** What the command line does with weight files: open whichever form, digest, convert. */
public final class WeightFiles {
    private WeightFiles() {}

    /** Safetensors and their indexes are mapped; anything else is read as a framework checkpoint. */
    public static Weights open(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".safetensors") || name.endsWith(".json") ? Safetensors.open(file) : Checkpoint.open(file);
    }

    /** SHA-256 of a file, in hexadecimal. */
    public static String sha256(Path file) {
        try (InputStream in = Files.newInputStream(file);
                DigestInputStream digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            digest.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.getMessageDigest().digest());
        } catch (IOException failure) {
            throw new WeightsException("Cannot read " + file + ": " + failure.getMessage(), failure);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /**
     * Writes the weights of any file as safetensors, with the source's digest in the metadata.
     *
     * @param half store matrices and kernels in half precision; vectors (norms, statistics, biases) stay as they are
     */
    public static void convert(Path from, Path to, boolean half) {
        try (Weights weights = open(from)) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (String name : weights.names()) {
                Tensor tensor = weights.find(name).orElseThrow();
                boolean narrow = half && tensor.rank() > 1 && tensor.dtype() == DType.F32;
                tensors.put(name, narrow ? tensor.to(DType.F16, Arena.ofAuto()) : tensor);
            }
            Map<String, String> origin = Map.of("source", from.getFileName().toString(), "source-sha256", sha256(from));
            SafetensorsWriter.write(to, tensors, origin);
        }
    }
}
