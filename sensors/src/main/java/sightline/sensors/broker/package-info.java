/**
 * One Kafka broker inside this JVM, the default of demos and tests.
 *
 * <ul>
 *   <li>{@link sightline.sensors.broker.EmbeddedBroker}: starts, stops, restarts and closes it
 *   <li>{@link sightline.sensors.broker.BrokerOptions}: directory, address and limits
 * </ul>
 *
 * Everything else talks to it through its {@code bootstrapServers()}, exactly as to a real cluster.
 */
package sightline.sensors.broker;
