/**
 * The fusion benchmark: a simulated scene, the filters under test and the baselines, scored alike on the same scans.
 * {@link sightline.operators.fusion.bench.FusionBench} is the entry point; {@link
 * sightline.operators.fusion.bench.Contender} is what a method has to be.
 */
package sightline.operators.fusion.bench;
