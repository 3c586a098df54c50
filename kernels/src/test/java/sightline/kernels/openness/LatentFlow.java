package sightline.kernels.openness;

import java.util.SplittableRandom;
import java.util.function.Function;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.train.Arrays32;

/**
 * What a transformer of {@link LinearTransformer}'s inputs can learn at any size: flow matching of latents that two numbers
 * describe, which the text's first two elements tell. A linear path from latent to noise; wanted is the velocity along it
 * (Lipman et al., Flow Matching for Generative Modeling, section 4.1). The same seed draws the same latents and noise.
 */
final class LatentFlow {
    static final int CHANNELS = 32;
    private final int batch;
    private final int grid;
    private final int textSize;
    private final SplittableRandom random;
    private final float[] noisy;
    private final float[] wanted;

    /**
     * @param grid latent's sides
     * @param textSize elements of one text
     */
    LatentFlow(int batch, int grid, int textSize, long seed) {
        this.batch = batch;
        this.grid = grid;
        this.textSize = textSize;
        random = new SplittableRandom(seed);
        noisy = new float[batch * CHANNELS * grid * grid];
        wanted = new float[noisy.length];
    }

    /** Draws a batch into the inputs {@code latent}, {@code time} and {@code text}. */
    void draw(Function<String, Tensor> input) {
        int each = noisy.length / batch;
        float[] time = new float[batch];
        float[] text = new float[batch * textSize];
        for (int n = 0; n < batch; n++) {
            time[n] = (float) random.nextDouble();
            double phase = random.nextDouble(Math.TAU);
            double pitch = random.nextDouble(0.3, 1.5);
            text[n * textSize] = (float) Math.sin(phase);
            text[n * textSize + 1] = (float) pitch;
            for (int i = 0; i < each; i++) {
                double clean = Math.sin(phase + pitch * (i % grid) + 0.2 * (i / (grid * grid)));
                double noise = random.nextGaussian();
                noisy[n * each + i] = (float) ((1 - time[n]) * clean + time[n] * noise);
                wanted[n * each + i] = (float) (noise - clean);
            }
        }
        Arrays32.put(noisy, input.apply("latent"));
        Arrays32.put(time, input.apply("time"));
        Arrays32.put(text, input.apply("text"));
    }

    /** The mean squared error of what came of the batch drawn last, whose gradient is written. */
    double loss(Tensor velocity, Tensor cotangent) {
        float[] own = Arrays32.get(velocity);
        double loss = 0;
        for (int i = 0; i < own.length; i++) {
            double d = own[i] - wanted[i];
            loss += d * d / own.length;
            own[i] = (float) (2 * d / own.length);
        }
        Arrays32.put(own, cotangent);
        return loss;
    }
}
