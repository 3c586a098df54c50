/** The Kafka contract: topics, keys, headers, and the codecs between domain records and the wire. */
package sightline.config.contract;
