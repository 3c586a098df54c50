package sightline.operators.fusion;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import sightline.operators.phd.TrackHypothesis;
import sightline.operators.phd.TrackLabel;
import sightline.operators.possibility.MaxMixture;

/**
 * A frozen tick: the fused table that the beliefs of the following epoch start from, and its digest. Nodes that froze
 * the same beliefs hold the same numbers to the last bit.
 *
 * @param tick scene tick
 * @param tracks in table order; nobody updates them
 * @param digest lower-case hex of SHA-256 over labels, credibilities and terms
 */
record Prior(long tick, List<TrackHypothesis> tracks, String digest) {
    static final Prior NOTHING = of(Long.MIN_VALUE, List.of());

    Prior {
        tracks = List.copyOf(tracks);
    }

    static Prior of(long tick, List<TrackHypothesis> tracks) {
        return new Prior(tick, tracks, digest(tick, tracks));
    }

    /** The same knowledge at another tick: only for the empty table, which is the same at all times. */
    Prior at(long newTick) {
        if (!tracks.isEmpty()) {
            throw new IllegalStateException("a table of " + tracks.size() + " tracks does not move in time");
        }
        return new Prior(newTick, tracks, digest);
    }

    Set<TrackLabel> labels() {
        Set<TrackLabel> out = new TreeSet<>();
        tracks.forEach(track -> out.add(track.label()));
        return out;
    }

    private static String digest(long tick, List<TrackHypothesis> tracks) {
        MessageDigest sha;
        try {
            sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
        if (!tracks.isEmpty()) {
            sha.update(ByteBuffer.allocate(8).putLong(0, tick));
        }
        for (TrackHypothesis track : tracks) {
            sha.update(track.label().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
            MaxMixture f = track.where();
            ByteBuffer numbers = ByteBuffer.allocate(17 + f.size() * 8 * 21);
            numbers.putDouble(track.logPresence());
            numbers.putDouble(track.logAbsence());
            numbers.put((byte) (track.confirmed() ? 1 : 0));
            for (int i = 0; i < f.size(); i++) {
                numbers.putDouble(f.logWeight(i));
                for (int k = 0; k < 4; k++) {
                    numbers.putDouble(f.means()[i * 4 + k]);
                }
                for (int k = 0; k < 16; k++) {
                    numbers.putDouble(f.covariances()[i * 16 + k]);
                }
            }
            sha.update(numbers.flip());
        }
        return HexFormat.of().formatHex(sha.digest());
    }
}
