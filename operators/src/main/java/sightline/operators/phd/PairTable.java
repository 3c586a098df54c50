package sightline.operators.phd;

import java.util.Arrays;

/**
 * Who meets whom in one scan, in compressed rows. An edge is a (term, observation) inside the gate with its log-joint
 * credibility; a pair is the best edge of a (track, observation). Reused from scan to scan.
 */
final class PairTable {
    int tracks;
    int[] edgeStart = new int[17];
    int edges;
    int[] edgeTerm = new int[64];
    int[] edgePair = new int[64];
    double[] edgeLog = new double[64];
    /** Squared innovation distance. */
    double[] edgeSquared = new double[64];
    /** Log-weight of the posterior term. Filled by PresenceFilter. */
    double[] edgeWeight = new double[64];

    int[] pairStart = new int[17];
    int pairs;
    int[] pairObservation = new int[64];
    double[] pairLog = new double[64];
    /** Log-credibility that pairLog is measured against: what else could explain the observation. Filled by Competition. */
    double[] pairDenominator = new double[64];

    /** Log-credibility of each track without any observation, present or absent, and of a miss relative to presence. */
    double[] logNone = new double[16];
    /** Term of largest weight of each track. */
    int[] mode = new int[16];
    /** Whether the sensor looks at some term of the track. */
    boolean[] visible = new boolean[16];

    int[] termStart = new int[17];
    int terms;
    /** Log-weight of each term after a miss. */
    double[] termMiss = new double[64];

    void clear(int trackCount) {
        tracks = 0;
        edges = 0;
        pairs = 0;
        terms = 0;
        if (edgeStart.length < trackCount + 1) {
            edgeStart = new int[2 * trackCount + 1];
            pairStart = new int[2 * trackCount + 1];
            termStart = new int[2 * trackCount + 1];
            logNone = new double[2 * trackCount];
            mode = new int[2 * trackCount];
            visible = new boolean[2 * trackCount];
        }
        edgeStart[0] = 0;
        pairStart[0] = 0;
        termStart[0] = 0;
    }

    void addTerm(double miss) {
        if (terms == termMiss.length) {
            termMiss = Arrays.copyOf(termMiss, 2 * terms);
        }
        termMiss[terms++] = miss;
    }

    void addEdge(int term, int observation, double log, double squared) {
        int pair = pairStart[tracks];
        while (pair < pairs && pairObservation[pair] != observation) {
            pair++;
        }
        if (pair == pairs) {
            if (pairs == pairObservation.length) {
                pairObservation = Arrays.copyOf(pairObservation, 2 * pairs);
                pairLog = Arrays.copyOf(pairLog, 2 * pairs);
                pairDenominator = Arrays.copyOf(pairDenominator, 2 * pairs);
            }
            pairObservation[pairs] = observation;
            pairLog[pairs] = log;
            pairs++;
        } else {
            pairLog[pair] = Math.max(pairLog[pair], log);
        }
        if (edges == edgeTerm.length) {
            edgeTerm = Arrays.copyOf(edgeTerm, 2 * edges);
            edgePair = Arrays.copyOf(edgePair, 2 * edges);
            edgeLog = Arrays.copyOf(edgeLog, 2 * edges);
            edgeSquared = Arrays.copyOf(edgeSquared, 2 * edges);
            edgeWeight = new double[2 * edges];
        }
        edgeTerm[edges] = term;
        edgePair[edges] = pair;
        edgeLog[edges] = log;
        edgeSquared[edges] = squared;
        edges++;
    }

    void endTrack(double none, int strongest, boolean inView) {
        logNone[tracks] = none;
        mode[tracks] = strongest;
        visible[tracks] = inView;
        tracks++;
        edgeStart[tracks] = edges;
        pairStart[tracks] = pairs;
        termStart[tracks] = terms;
    }

    /** Index of the pair (track, observation), -1 where they do not meet. */
    int pair(int track, int observation) {
        for (int p = pairStart[track]; p < pairStart[track + 1]; p++) {
            if (pairObservation[p] == observation) {
                return p;
            }
        }
        return -1;
    }
}
