/** {@code sightline produce}: cameras, recordings and the simulated plaza into Kafka, one small command a kind. */
package sightline.pipeline.cli.produce;
