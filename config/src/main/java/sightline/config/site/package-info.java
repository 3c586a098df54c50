/**
 * The site: which cameras and sensors there are, who processes them, where they stand and look, and what is marked on the
 * ground. World coordinates are site-local east, north, up in metres, right-handed, ground at z = 0.
 */
package sightline.config.site;
