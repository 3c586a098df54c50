/**
 * Drills: plays are put before the doubles of a site's cameras, in a pipeline that runs, and the alarm is waited for. {@link
 * sightline.pipeline.drill.Theatre} plays them one after the other, {@link sightline.pipeline.drill.Recall} counts.
 */
package sightline.pipeline.drill;
