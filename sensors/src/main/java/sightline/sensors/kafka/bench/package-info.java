/**
 * Measures the bridge against the bare client, in one process with an embedded broker.
 *
 * <ul>
 *   <li>{@link sightline.sensors.kafka.bench.BridgeBench}: runs everything and prints tables
 *   <li>{@code Throughput}, {@code Latency}: bare loop and bridge in turn, medians over runs
 *   <li>{@code Overload}: memory and threads over time at twice the rate that the work sustains
 * </ul>
 */
package sightline.sensors.kafka.bench;
