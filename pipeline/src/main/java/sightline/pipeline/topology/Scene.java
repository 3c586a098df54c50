package sightline.pipeline.topology;

import java.util.List;
import sightline.config.site.Site;
import sightline.pipeline.declared.Declaration;

/** Where a pipeline's observations come from when they are made in its own process. */
public interface Scene extends AutoCloseable {
    /**
     * The cameras of a declared pipeline.
     *
     * @param plaza for those that are simulated
     */
    static Scene declared(Declaration declaration, PlazaSource plaza) {
        return new DeclaredScene(declaration, plaza);
    }

    /** Roster and calibrations. */
    Site site();

    /** Names of the cameras that it has. */
    List<String> cameras();

    /**
     * Starts all that is no camera.
     *
     * @param edge takes what is observed; closed after the scene's stages
     */
    List<Stage> start(Production edge);

    /**
     * Starts a camera.
     *
     * @param edge takes its pictures
     * @param name of the roster
     * @param detections whether nobody will look at the pictures, so that the scene should tell what is in them if it knows
     * @throws IllegalArgumentException if the scene has no such camera
     */
    Stage camera(Production edge, String name, boolean detections);

    /** Frees what its cameras share; they are closed before. */
    @Override
    default void close() {}
}
