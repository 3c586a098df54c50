/**
 * Time as the house means it: int64 nanoseconds since the Unix epoch, UTC, read from an injected clock.
 *
 * <ul>
 *   <li>{@link sightline.config.time.TimeSource} is the port; {@link sightline.config.time.SystemTime} reads the
 *       machine, {@link sightline.config.time.ManualTime} is moved by a test.
 *   <li>{@link sightline.config.time.StampGuard} keeps the exposure stamps of one sensor in order when its clock is
 *       not: it re-bases and counts, and never fails.
 *   <li>{@link sightline.config.time.Instants} converts to and from {@link java.time.Instant}.
 * </ul>
 */
package sightline.config.time;
