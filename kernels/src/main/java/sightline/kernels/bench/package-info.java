/** Measurements of engines as commands; each prints a table. */
package sightline.kernels.bench;
