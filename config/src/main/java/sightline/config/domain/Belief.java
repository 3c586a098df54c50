package sightline.config.domain;

import java.util.List;

/**
 * What a node tells its peers at a scene tick. (node, incarnation, tick) identifies it; a second copy is dropped.
 *
 * @param scene which scene
 * @param node who says it
 * @param incarnation changes when a node lost its state
 * @param tick scene tick number: exposure time divided by the tick length
 * @param tickNanos exposure time of the tick
 * @param priorDigest digest of the fused tick that this belief started from
 * @param split exponent of the prior share that it holds: 1/S, or 1 for an unsplit belief
 * @param tracks one entry a track
 * @param contributions the scans that entered it
 * @param origin least real origin of its evidence
 */
public record Belief(
        String scene,
        String node,
        long incarnation,
        long tick,
        long tickNanos,
        String priorDigest,
        double split,
        List<TrackBelief> tracks,
        List<Contribution> contributions,
        Origin origin) {
    public Belief {
        tracks = List.copyOf(tracks);
        contributions = List.copyOf(contributions);
    }
}
