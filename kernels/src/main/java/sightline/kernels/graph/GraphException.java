package sightline.kernels.graph;

/** A graph that makes no sense, with the operation and the shapes that show it. */
public final class GraphException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public GraphException(String message) {
        super(message);
    }

    @SuppressWarnings("AnnotateFormatMethod")
    static void require(boolean holds, String message, Object... arguments) {
        if (!holds) {
            throw new GraphException(message.formatted(arguments));
        }
    }
}
