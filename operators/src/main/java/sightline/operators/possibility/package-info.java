/**
 * Possibility calculus on Gaussian max-mixtures. A possibility function has supremum 1 (no integral); total ignorance is
 * the constant 1. {@link sightline.operators.possibility.MaxMixture} holds the terms, {@link
 * sightline.operators.possibility.MixtureProduct}, {@link sightline.operators.possibility.MixtureReduction} and {@link
 * sightline.operators.possibility.AlphaCut} work on them, {@link sightline.operators.possibility.Spd} is the arithmetic
 * beneath. Nothing here knows of targets, sensors or time.
 */
package sightline.operators.possibility;
