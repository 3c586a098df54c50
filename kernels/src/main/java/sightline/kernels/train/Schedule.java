package sightline.kernels.train;

/**
 * The learning rate over a run: linear warm-up, then half a cosine down to a floor.
 *
 * @param peak rate after warm-up
 * @param floor rate at the end
 * @param warmup steps of warm-up
 * @param total steps of the run; later steps stay at the floor
 */
public record Schedule(double peak, double floor, long warmup, long total) {
    public Schedule {
        if (warmup < 0 || total <= warmup || floor > peak) {
            throw new IllegalArgumentException(
                    "warm-up must end before the run does, and the floor lie below the peak");
        }
    }

    /** The rate of the step with that index, from 0. */
    public double at(long step) {
        if (step < warmup) {
            return peak * (step + 1) / warmup;
        }
        double progress = Math.min(1, (double) (step - warmup) / (total - warmup));
        return floor + (peak - floor) * 0.5 * (1 + Math.cos(Math.PI * progress));
    }
}
