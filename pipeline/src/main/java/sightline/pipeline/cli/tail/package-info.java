/** {@code sightline tail}: records of the contract, decoded, as lines for people or as JSON for programs. */
package sightline.pipeline.cli.tail;
