/**
 * What the possibilistic filters are compared with, written for a fair fight: the Gaussian-mixture PHD filter with
 * iterated corrector ({@link sightline.operators.baselines.GmPhd}), its fusion by generalised covariance intersection
 * and by arithmetic average ({@link sightline.operators.baselines.GmPhdFusion}), fusion of single tracks ({@link
 * sightline.operators.baselines.TrackAverages}) and a single-camera box tracker ({@link
 * sightline.operators.baselines.BoxTracker}).
 *
 * <p>Sum-mixtures are kept in the same flat storage as max-mixtures; only the meaning of the weights differs (they add).
 */
package sightline.operators.baselines;
