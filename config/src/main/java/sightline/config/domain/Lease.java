package sightline.config.domain;

/**
 * Who publishes the fused tracks of a scene.
 *
 * @param scene which scene
 * @param holder name of the process
 * @param generation counts up with every change of hands
 * @param origin of the scene's evidence
 */
public record Lease(String scene, String holder, long generation, Origin origin) {}
