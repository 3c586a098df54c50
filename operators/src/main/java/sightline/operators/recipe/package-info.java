/**
 * Recipes: what a network is trained for, on which pictures, with which loss. Losses are written by hand as value and
 * gradient with respect to the network's outputs, in plain Java; the gradient of the network's graph takes it from
 * there. That keeps target assignment, which is data-dependent and not differentiated, out of the graph.
 */
package sightline.operators.recipe;
