package sightline.operators.recipe;

import java.util.Map;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Graph;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.Weights;

/**
 * A teacher that looks at the very samples that its student sees, mosaics and recolouring included, so that its word fits
 * them exactly and no two samples are taught alike. One worker's; one thread at a time.
 */
interface Tutor extends AutoCloseable {
    /** No teacher: everything that is known comes with the pictures. */
    Tutor NONE = image -> Map.of();

    /** What it says of a batch, valid until the next call. */
    Map<String, Tensor> look(Tensor image);

    @Override
    default void close() {
        // Most hold nothing.
    }

    /** A network with frozen weights, which must outlive it. */
    static Tutor of(Engine engine, Graph network, Weights weights) {
        Session session = engine.compile(network, weights, CompileOptions.DEFAULT.lenient());
        return new Tutor() {
            @Override
            public Map<String, Tensor> look(Tensor image) {
                return session.run(Map.of(Task.IMAGE, image));
            }

            @Override
            public void close() {
                session.close();
            }
        };
    }
}
