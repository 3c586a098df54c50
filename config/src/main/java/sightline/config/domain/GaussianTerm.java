package sightline.config.domain;

/**
 * One term of a max-mixture: credibility {@code exp(logWeight)} times an un-normalised Gaussian with supremum 1.
 *
 * @param logWeight natural logarithm of the credibility, at most 0
 * @param mean state (east, north, east velocity, north velocity)
 * @param covariance row-major, {@code mean.length} squared
 */
public record GaussianTerm(double logWeight, double[] mean, double[] covariance) {
    public GaussianTerm {
        if (covariance.length != mean.length * mean.length) {
            throw new IllegalArgumentException(
                    "covariance of " + covariance.length + " numbers for a state of " + mean.length);
        }
    }
}
