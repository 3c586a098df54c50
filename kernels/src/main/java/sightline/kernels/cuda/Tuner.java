package sightline.kernels.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import sightline.kernels.cuda.driver.CudaFailure;
import sightline.kernels.cuda.driver.DeviceFacts;
import sightline.kernels.cuda.half.Candidate;
import sightline.kernels.cuda.half.Chooser;
import sightline.kernels.cuda.program.Step;

/**
 * Picks by trying: the candidates of a layer are timed on the device, alike layers once, and what was found is kept in a
 * {@link TileCache}. What is in the cache is not tried again, so a network compiled twice is cut the same.
 *
 * <p>Bounded: when the time allowed to a network is spent, or the device refuses the memory to try in, the remaining layers
 * keep the first guess. Confined to the compiling thread.
 */
final class Tuner implements Chooser {
    /** What trying is allowed to take for a network. */
    static final long ALLOWED_NANOS = 4_000_000_000L;

    /** Rounds over all candidates, then over those that are left. */
    private static final int FIRST_ROUNDS = 3;

    private static final int LAST_ROUNDS = 6;
    /** After the first rounds a candidate this much slower than the best one is out. */
    private static final float HOPELESS = 1.15f;
    /** The first guess is kept unless another is faster by this: less is noise. */
    private static final float BETTER = 0.98f;

    /** Runs steps once as they would run amid a network; milliseconds of device time. */
    @FunctionalInterface
    interface Trial {
        float milliseconds(List<Step> steps);
    }

    private final DeviceFacts device;
    private final TileCache.Choices known;
    private final Trial trial;
    private final LongSupplier nanos;
    private final long end;
    private int tried;
    private int recalled;
    private int guessed;
    private String trouble = "";

    Tuner(DeviceFacts device, TileCache.Choices known, Trial trial, LongSupplier nanos) {
        this.device = device;
        this.known = known;
        this.trial = trial;
        this.nanos = nanos;
        this.end = nanos.getAsLong() + ALLOWED_NANOS;
    }

    @Override
    public Candidate choose(String layer, List<Candidate> candidates) {
        List<Candidate> able = FirstGuesses.runnable(candidates, device);
        if (able.size() == 1) {
            return able.getFirst();
        }
        List<String> names = able.stream().map(Candidate::name).toList();
        int kept = names.indexOf(known.find(layer, names).orElse(""));
        if (kept >= 0) {
            recalled++;
            return able.get(kept);
        }
        if (nanos.getAsLong() - end >= 0 || !trouble.isEmpty()) {
            guessed++;
            return able.getFirst();
        }
        try {
            float[] times = times(able);
            int best = best(times);
            tried++;
            known.keep(layer, names, able.get(best).name(), times[best], times[0] - times[best]);
            return able.get(best);
        } catch (CudaFailure failure) {
            if (failure.kind() == CudaFailure.Kind.STICKY) {
                throw failure;
            }
            trouble = " (" + failure.getMessage() + ")";
            guessed++;
            return able.getFirst();
        }
    }

    /** The least time of each candidate; rounds are interleaved so that a slow moment meets all of them. */
    private float[] times(List<Candidate> able) {
        List<List<Step>> steps = able.stream().map(Candidate::steps).toList();
        float[] least = new float[able.size()];
        Arrays.fill(least, Float.POSITIVE_INFINITY);
        for (int round = 0; round < FIRST_ROUNDS + LAST_ROUNDS; round++) {
            float limit = round < FIRST_ROUNDS ? Float.POSITIVE_INFINITY : HOPELESS * least[best(least)];
            for (int i = 0; i < least.length; i++) {
                if (i == 0 || round < FIRST_ROUNDS || least[i] <= limit) {
                    least[i] = Math.min(least[i], milliseconds(steps.get(i)));
                }
            }
        }
        return least;
    }

    /** A kernel that the device refuses is as good as one that never ends. */
    private float milliseconds(List<Step> steps) {
        try {
            return trial.milliseconds(steps);
        } catch (CudaFailure failure) {
            if (failure.kind() == CudaFailure.Kind.REJECTED) {
                return Float.POSITIVE_INFINITY;
            }
            throw failure;
        }
    }

    private static int best(float[] times) {
        int fastest = 0;
        for (int i = 1; i < times.length; i++) {
            fastest = times[i] < times[fastest] ? i : fastest;
        }
        return times[fastest] < BETTER * times[0] ? fastest : 0;
    }

    /** Whether no layer was left at the first guess untried. */
    boolean complete() {
        return guessed == 0;
    }

    /** What happened, in one sentence; empty where nothing was tried. */
    String sentence(String network) {
        if (tried + guessed == 0) {
            return "";
        }
        List<String> parts = new ArrayList<>(List.of(tried + " kinds of layers tried"));
        if (recalled > 0) {
            parts.add(recalled + " layers as known from before");
        }
        if (guessed > 0) {
            parts.add(guessed + " left at the first guess" + trouble);
        }
        return "Kernels for " + network + ": " + String.join(", ", parts) + ".";
    }
}
