/**
 * A plaza that does not exist, seen by cameras and a radar that do not exist either: everything follows from one seed,
 * and the state of the world is a function of time that may be asked in any order.
 *
 * <p>Start at {@link sightline.sensors.scene.Plaza}. It holds the {@link sightline.config.site.Site}, the truth at any
 * instant, one {@link sightline.sensors.scene.SimulatedCamera} a camera and one
 * {@link sightline.sensors.scene.SimulatedRadar} a radar. People are {@link sightline.sensors.scene.PersonState}s given a
 * {@link sightline.sensors.scene.Body} by their gait; {@link sightline.sensors.scene.BoxPerturbation} turns true boxes
 * into what an imperfect detector would report.
 *
 * <p>Everything that leaves this package carries {@link sightline.config.domain.Origin#SIMULATED}.
 */
package sightline.sensors.scene;
