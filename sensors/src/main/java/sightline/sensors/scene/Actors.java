package sightline.sensors.scene;

import java.util.Optional;

/** One place in the cast. Over time different people or vehicles fill it, with gaps between them. */
interface Actors {
    /**
     * Somebody who is there.
     *
     * @param state where and how
     * @param weight how much others take notice, rising from 0 on arrival and falling to 0 on leaving, so that nobody
     *     jumps aside
     */
    record Entry(ActorState state, double weight) {}

    /** Who is there, seconds after the scene's start; empty in a gap. Any instant may be asked, in any order. */
    Optional<Entry> at(double seconds);
}
