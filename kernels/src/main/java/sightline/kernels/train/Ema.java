package sightline.kernels.train;

/**
 * An exponential moving average of parameters, which generalises better than their last values. Its memory grows with
 * the number of updates, so that a short run is not dominated by its random start.
 */
public final class Ema {
    private final Parameters average;
    private final double decay;
    private final double horizon;
    private long updates;

    /**
     * Starts as a copy.
     *
     * @param decay memory in the long run, such as 0.999
     * @param horizon updates after which 63 % of that memory is reached
     */
    public Ema(Parameters start, double decay, double horizon) {
        this.average = start.copy();
        this.decay = decay;
        this.horizon = horizon;
    }

    public void update(Parameters current) {
        updates++;
        float d = (float) (decay * (1 - Math.exp(-updates / horizon)));
        average.list().parallelStream().forEach(a -> {
            float[] to = a.values();
            float[] from = current.get(a.name()).values();
            for (int i = 0; i < to.length; i++) {
                to[i] = d * to[i] + (1 - d) * from[i];
            }
        });
    }

    public Parameters average() {
        return average;
    }

    public long updates() {
        return updates;
    }

    public void restore(Parameters values, long updatesDone) {
        average.set(values);
        updates = updatesDone;
    }
}
