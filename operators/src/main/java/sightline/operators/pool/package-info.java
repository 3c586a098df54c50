/**
 * Training pixels: reading a pool of labelled pictures, labelling by teachers, held-out splits by clusters of
 * near-duplicates, packs that travel, and augmentation into network input.
 *
 * <p>Pictures that must never be trained on (evaluation sets) are refused by {@link
 * sightline.operators.pool.NeverTrain}.
 */
package sightline.operators.pool;
