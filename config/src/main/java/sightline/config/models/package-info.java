/**
 * Model cards: what a weights file is, what it was made from, how good it is, and who may use it.
 *
 * <p>{@link sightline.config.models.ModelCard} is the record, {@link sightline.config.models.ModelCards} reads and
 * writes it as YAML or JSON. A card stands beside its weights under the same name.
 */
package sightline.config.models;
