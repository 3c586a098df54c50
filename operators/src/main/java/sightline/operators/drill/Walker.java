package sightline.operators.drill;

import sightline.config.site.GroundPoint;
import sightline.sensors.scene.ActorState;
import sightline.sensors.scene.Looks;
import sightline.sensors.scene.PersonState;

/**
 * Walks straight on, and at the end stands or falls.
 *
 * @param id of the figure
 * @param from where they begin
 * @param heading radians counter-clockwise from east
 * @param metres that they go
 * @param speed metres a second
 * @param falls whether they fall where they arrive
 */
record Walker(String id, GroundPoint from, double heading, double metres, double speed, boolean falls) implements Role {
    /** Seconds from upright to flat: free fall of the centre of mass from a metre takes about half of one. */
    static final double FALLING = 0.6;

    private static final double HEIGHT = 1.75;
    private static final double STRIDE = 0.83 * HEIGHT;
    private static final int JACKET = 0xd4570f;
    private static final int TROUSERS = 0x27303f;

    double arrives() {
        return metres / speed;
    }

    GroundPoint place(double seconds) {
        return Role.along(from, heading, Math.clamp(seconds * speed, 0, metres));
    }

    @Override
    public ActorState at(double seconds) {
        GroundPoint at = place(seconds);
        boolean walks = seconds < arrives();
        double now = walks ? speed : 0;
        return new PersonState(
                id,
                at.east(),
                at.north(),
                now * Math.cos(heading),
                now * Math.sin(heading),
                heading,
                Math.min(seconds, arrives()) * speed / STRIDE * 2 * Math.PI,
                falls ? Math.clamp((seconds - arrives()) / FALLING, 0, 1) : 0,
                Looks.plain(HEIGHT, JACKET, TROUSERS));
    }
}
