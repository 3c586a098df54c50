package sightline.operators.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Path;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.Safetensors;

/** What {@code src/test/oracle/goldens.py} computed: of each output evenly spread samples, and its Euclidean norm. */
final class Goldens implements AutoCloseable {
    private static final double TOLERANCE = 1e-5;

    private final Safetensors file;

    private Goldens(Safetensors file) {
        this.file = file;
    }

    static Goldens open() {
        try {
            return new Goldens(Safetensors.open(Path.of(
                    Goldens.class.getResource("/oracle/goldens.safetensors").toURI())));
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Asserts that an output agrees to a relative L2 of 1e-5, in its samples and in its length. */
    void check(String name, Tensor actual) {
        Tensor expected = file.find(name).orElseThrow();
        long stride = expected.size() < 1024 ? 1 : actual.size() / expected.size();
        double difference = 0;
        double norm = 0;
        double whole = 0;
        for (long i = 0; i < expected.size(); i++) {
            difference += Math.pow(actual.get(i * stride) - expected.get(i), 2);
            norm += Math.pow(expected.get(i), 2);
        }
        for (long i = 0; i < actual.size(); i++) {
            whole += Math.pow(actual.get(i), 2);
        }
        double length = file.find(name + "/norm").orElseThrow().get(0);
        assertThat(Math.sqrt(difference / norm)).as("%s, samples", name).isLessThanOrEqualTo(TOLERANCE);
        assertThat(Math.abs(Math.sqrt(whole) / length - 1)).as("%s, norm", name).isLessThanOrEqualTo(TOLERANCE);
    }

    @Override
    public void close() {
        file.close();
    }
}
