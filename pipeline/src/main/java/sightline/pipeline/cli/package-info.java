/** The command line: one small class a command. {@link sightline.pipeline.cli.Sightline} is the entry point. */
package sightline.pipeline.cli;
