/**
 * Assembly: which stage reads which topic, on which thread, with which bounds.
 *
 * <p>A stage is a class with a constructor that takes what it needs and a {@code start()} that subscribes; closing it
 * stops it within a second. Stages know each other only through topics, so each may run in a process of its own.
 * {@link sightline.pipeline.topology.Bus} is what they share.
 */
package sightline.pipeline.topology;
