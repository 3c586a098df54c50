package sightline.operators.candidates;

import java.util.Collection;

/** A way to compute convolutions and their gradients. */
interface Candidate extends AutoCloseable {
    String name();

    /** Makes ready what these passes of a layer need; what that takes is not measured. */
    Passes prepare(Layer layer, Operands operands, Collection<Pass> passes);

    @Override
    default void close() {}

    /**
     * What a layer is computed from, as float32.
     *
     * @param x NCHW
     * @param w [out, in / groups, kernel, kernel]
     * @param dy gradient of y, NCHW
     */
    record Operands(float[] x, float[] w, float[] dy) {}

    /** A layer that is ready. One thread calls; the candidate's own threads compute. */
    interface Passes extends AutoCloseable {
        /** What is measured: operands lie in the candidate's own layout, and so does the result. */
        void run(Pass pass);

        /** What it takes besides where all activations lie as NCHW and weights as in {@link Operands}. */
        default void reorder(Pass pass) {}

        /** The result of the last run, as NCHW or as weights lie in {@link Operands}. */
        float[] result(Pass pass);

        /** How the candidate computes it, where it has a choice. */
        default String how(Pass pass) {
            return "";
        }

        @Override
        void close();
    }
}
