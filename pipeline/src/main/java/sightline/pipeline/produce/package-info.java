/**
 * The edge without the rest: any source into Kafka. {@link sightline.pipeline.produce.Production} supervises the
 * sources, stamps what arrives, sends it and keeps the ledger.
 */
package sightline.pipeline.produce;
