/** Optimal assignment, shared by data association, metrics and the grouping of joints. */
package sightline.operators.assignment;
