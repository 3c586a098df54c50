/** Commands that measure networks on a device; the bundle carries them. */
package sightline.operators.bench;
