package sightline.operators.phd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sightline.operators.possibility.MaxMixture;

/**
 * The one order of a track table: strongest presence first, then low absence, then place, so that names decide nothing but
 * exact coincidences. Ranks are sorted beside the numbers that decide, because looking those up behind every comparison costs
 * more than all filtering once the table outgrows the caches. Afterwards mode and reach of each track can be read by rank.
 *
 * <p>Scratch: one a filter; no allocation in steady state.
 */
final class TrackOrder {
    private final List<TrackHypothesis> unsorted = new ArrayList<>();
    private double[] presence = new double[0];
    private double[] absence = new double[0];
    private double[] east = new double[0];
    private double[] north = new double[0];
    private double[] spread = new double[0];
    private int[] ranked = new int[0];
    private int[] merged = new int[0];

    void clear() {
        unsorted.clear();
    }

    /** Notes a track as it now is; cheapest where it has just been worked on. */
    void note(TrackHypothesis track) {
        int i = unsorted.size();
        if (i == presence.length) {
            grow(Math.max(64, 2 * i));
        }
        unsorted.add(track);
        MaxMixture f = track.where;
        int mode = f.mode();
        presence[i] = track.logPresence;
        absence[i] = track.logAbsence;
        east[i] = f.means()[mode * 4];
        north[i] = f.means()[mode * 4 + 1];
        spread[i] = f.covariances()[mode * 16] + f.covariances()[mode * 16 + 5];
    }

    private void grow(int size) {
        presence = Arrays.copyOf(presence, size);
        absence = Arrays.copyOf(absence, size);
        east = Arrays.copyOf(east, size);
        north = Arrays.copyOf(north, size);
        spread = Arrays.copyOf(spread, size);
        ranked = new int[size];
        merged = new int[size];
    }

    /** Puts the noted tracks of a presence above {@code logPrune} in order, in place of what {@code out} holds. */
    void sort(List<TrackHypothesis> out, double logPrune) {
        int size = 0;
        for (int i = 0; i < unsorted.size(); i++) {
            if (presence[i] > logPrune) {
                ranked[size++] = i;
            }
        }
        for (int width = 1; width < size; width *= 2) {
            for (int start = 0; start < size; start += 2 * width) {
                merge(start, Math.min(size, start + width), Math.min(size, start + 2 * width));
            }
            int[] swap = ranked;
            ranked = merged;
            merged = swap;
        }
        out.clear();
        for (int k = 0; k < size; k++) {
            out.add(unsorted.get(ranked[k]));
        }
        unsorted.clear();
    }

    private void merge(int start, int middle, int end) {
        int left = start;
        int right = middle;
        for (int k = start; k < end; k++) {
            boolean takeLeft = right == end || left < middle && compare(ranked[left], ranked[right]) <= 0;
            merged[k] = takeLeft ? ranked[left++] : ranked[right++];
        }
    }

    private int compare(int a, int b) {
        if (presence[a] != presence[b]) {
            return presence[a] > presence[b] ? -1 : 1;
        }
        if (absence[a] != absence[b]) {
            return absence[a] < absence[b] ? -1 : 1;
        }
        int order = Double.compare(east[a], east[b]);
        order = order != 0 ? order : Double.compare(north[a], north[b]);
        return order != 0
                ? order
                : unsorted.get(a).label().compareTo(unsorted.get(b).label());
    }

    /** East of the mode of the track at a rank of the last sort. */
    double east(int rank) {
        return east[ranked[rank]];
    }

    /** North of the mode. */
    double north(int rank) {
        return north[ranked[rank]];
    }

    /** Trace of the mode's covariance of position. */
    double spread(int rank) {
        return spread[ranked[rank]];
    }
}
