/**
 * Rehearsals: short scenes in which something happens that a rule must see, played by painted figures before the doubles of
 * real cameras. {@link sightline.operators.drill.Playwright} finds a place for one that the camera sees, {@link
 * sightline.operators.drill.Film} is what a camera makes of it.
 */
package sightline.operators.drill;
