/**
 * Rules: what happened on the ground, read off the fused tracks.
 *
 * <p>A rule acts on possibility. A track's position is a Gaussian possibility function; {@link
 * sightline.operators.rules.Credence} is the pair (how credible is it that he is inside, how credible is it that he must
 * be), and {@code Region} computes it exactly for a polygon. "Necessarily inside" and "possibly inside" are different
 * events: the first is raised as soon as it holds for a few ticks, the second only when a case stays undecided.
 *
 * <p>{@link sightline.operators.rules.RuleEngine} is synchronous and deterministic: the same ticks make the same events
 * with the same ids, whenever they are replayed. Evidence of a drill or a synthetic picture is judged apart from the rest,
 * so it neither raises nor hides a real alarm.
 */
package sightline.operators.rules;
