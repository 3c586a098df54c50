package sightline.operators.recipe;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import sightline.config.models.ModelCard;
import sightline.config.models.ModelCards;
import sightline.kernels.graph.Graph;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.train.Parameters;
import sightline.kernels.weights.SafetensorsWriter;
import sightline.kernels.weights.WeightFiles;
import sightline.kernels.weights.Weights;

/** Trained weights as they ship: kernels in half precision, norms, statistics and biases in float32. */
public final class ShippedWeights {
    private ShippedWeights() {}

    /** The card of weights that ship; nothing where none of that name do. */
    public static Optional<ModelCard> card(String name) {
        try (InputStream in = ShippedWeights.class.getResourceAsStream("/sightline/models/" + name + ".yaml")) {
            return in == null
                    ? Optional.empty()
                    : Optional.of(ModelCards.read(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the card of " + name, e);
        }
    }

    /** Opens weights that ship, by name, or those of a file. */
    public static Weights open(String nameOrFile) {
        String resource = "/sightline/models/" + nameOrFile + ".safetensors";
        try (InputStream in = ShippedWeights.class.getResourceAsStream(resource)) {
            if (in == null) {
                return WeightFiles.open(Path.of(nameOrFile));
            }
            // Engines map weights from files, and a resource may be inside an archive.
            Path file = Files.createTempFile("sightline-", ".safetensors");
            file.toFile().deleteOnExit();
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            return WeightFiles.open(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open weights " + nameOrFile, e);
        }
    }

    /** Writes what a network declares, by its official names. A value that is not finite is refused. */
    public static void write(
            Path file, Graph network, Parameters parameters, Parameters statistics, Map<String, String> metadata) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        network.parameters().forEach((name, value) -> {
            Parameters from = parameters.contains(name) ? parameters : statistics;
            long[] shape = value.shape().toArray();
            DType type = !value.dtype().isReal() ? value.dtype() : shape.length > 1 ? DType.F16 : DType.F32;
            Tensor tensor = Tensor.allocate(type, shape);
            if (from.contains(name)) {
                float[] values = from.get(name).values();
                for (int i = 0; i < values.length; i++) {
                    if (!Float.isFinite(values[i]) || type == DType.F16 && Math.abs(values[i]) > 65_504) {
                        throw new IllegalArgumentException(name + " does not fit half precision: " + values[i]);
                    }
                    tensor.set(i, values[i]);
                }
            }
            tensors.put(name, tensor);
        });
        SafetensorsWriter.write(file, tensors, metadata);
    }
}
