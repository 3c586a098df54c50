/** What the parts cost that every observation passes on its way. */
package sightline.sensors.bench;
