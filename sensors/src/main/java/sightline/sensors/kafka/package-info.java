/**
 * The bridge between Kafka and Reactor, on plain Kafka clients.
 *
 * <ul>
 *   <li>In: {@link sightline.sensors.kafka.KafkaSource}, {@link sightline.sensors.kafka.Intake},
 *       {@link sightline.sensors.kafka.ConsumerProfile}, {@link sightline.sensors.kafka.Inbound}
 *   <li>Out: {@link sightline.sensors.kafka.KafkaSink}, {@link sightline.sensors.kafka.Outbound},
 *       {@link sightline.sensors.kafka.Sent}
 *   <li>Poison: {@link sightline.sensors.kafka.Admission}, {@link sightline.sensors.kafka.DeadLetters}
 *   <li>Cluster: {@link sightline.sensors.kafka.TopicAdmin}, {@link sightline.sensors.kafka.TopicSpec}
 * </ul>
 *
 * Inside a source: {@code PollLoop} polls, {@code Readings} knows what is paused, {@code CompletionWindow} what may be
 * committed, {@code Commits} commits it, {@code Emission} delivers.
 */
package sightline.sensors.kafka;
