/**
 * The bridge between Kafka and Reactor, on plain Kafka clients.
 *
 * <ul>
 *   <li>In: {@link sightline.sensors.kafka.KafkaSource}, {@link sightline.sensors.kafka.Intake},
 *       {@link sightline.sensors.kafka.ConsumerProfile}, {@link sightline.sensors.kafka.Inbound}
 *   <li>Out: {@link sightline.sensors.kafka.KafkaSink}, {@link sightline.sensors.kafka.Outbound},
 *       {@link sightline.sensors.kafka.Sent}
 *   <li>In between: {@link sightline.sensors.kafka.KeyedParallel}
 *   <li>Exactly once: {@link sightline.sensors.kafka.TransactionalSink}, {@link sightline.sensors.kafka.Tick},
 *       {@link sightline.sensors.kafka.CommitMode}
 *   <li>Poison: {@link sightline.sensors.kafka.Admission}, {@link sightline.sensors.kafka.DeadLetters},
 *       {@link sightline.sensors.kafka.DeadLetterHeaders}
 *   <li>Watching: {@link sightline.sensors.kafka.SourceObserver}, {@link sightline.sensors.kafka.MemoryBound}
 *   <li>Cluster: {@link sightline.sensors.kafka.TopicAdmin}, {@link sightline.sensors.kafka.TopicSpec},
 *       {@link sightline.sensors.kafka.Preflight}
 * </ul>
 *
 * Inside a source: {@code PollLoop} polls, {@code Readings} knows what is paused, {@code CompletionWindow} what may be
 * committed, {@code Commits} commits it, {@code Emission}
 * delivers. Behind a transactional sink: {@code Transactions} knows what each failure means.
 */
package sightline.sensors.kafka;
