package sightline.pipeline.web;

/**
 * Whether one stage can do its work.
 *
 * @param stage its name
 * @param ready or not
 * @param why one sentence if it is not; may be empty if it is
 */
public record Readiness(String stage, boolean ready, String why) {}
