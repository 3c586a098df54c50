package sightline.config.domain;

import java.util.List;

/**
 * Why a track looks as it does: every scan and every peer behind it.
 *
 * @param contributions sensors, their scans and what became of them
 * @param peers nodes whose beliefs were fused
 * @param missingPeers nodes of the roster that were not heard by the deadline
 * @param digest of the fused tick, lower-case hex
 */
public record Receipt(List<Contribution> contributions, List<String> peers, List<String> missingPeers, String digest) {
    public static final Receipt NONE = new Receipt(List.of(), List.of(), List.of(), "");

    public Receipt {
        contributions = List.copyOf(contributions);
        peers = List.copyOf(peers);
        missingPeers = List.copyOf(missingPeers);
    }
}
