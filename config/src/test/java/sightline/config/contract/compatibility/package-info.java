/**
 * Holds every message backward-transitive: this version reads what any committed version wrote. The committed versions
 * are descriptor sets under {@code src/test/resources/descriptors}.
 */
package sightline.config.contract.compatibility;
