/**
 * Multi-target filters in possibility theory, as plain synchronous library code: no threads, no clocks, no messages.
 *
 * <p>{@link sightline.operators.phd.PossibilisticPhd} is the filter in product form (presence function only). {@link
 * sightline.operators.phd.PresenceFilter} keeps for each track a credibility of presence and one of absence (a
 * possibilistic multi-Bernoulli) and is what the pipeline runs; {@link sightline.operators.phd.ReplayWindow} makes it
 * indifferent to scans that come late. Sensors are described by {@link sightline.operators.phd.SensorScan}: what was
 * observed, where the sensor can see, and how credible false alarms are.
 */
package sightline.operators.phd;
