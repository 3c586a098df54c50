/**
 * The oracle: every operation as the plainest loop that can be read against its definition. Floating point is carried in
 * double and, unless float64 is asked for, rounded to float32 after each operation; sums are never rounded in between.
 */
package sightline.kernels.reference;
