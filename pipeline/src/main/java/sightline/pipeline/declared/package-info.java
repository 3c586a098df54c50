/** A pipeline declared in one YAML file: read, checked as a whole, drawn as a graph, compared with its next version. */
package sightline.pipeline.declared;
