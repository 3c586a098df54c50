/**
 * The dashboard: one page, its live feed and its commands, on Vert.x.
 *
 * <p>{@link sightline.pipeline.web.Picture} is the only thing that the dashboard knows of the pipeline: what can be seen
 * of it, and what it can be told. {@link sightline.pipeline.web.DashboardServer} serves a picture.
 *
 * <p>How a message gets to a page: the picture's streams are hot and must never wait, so {@code LiveHub} keeps the latest
 * value of each key ({@code Conflating}), encodes it once on a thread of its own, and offers the bytes to every
 * {@code LiveClient} that asked for that channel. A client has an {@code Outbox}: data in slots where the latest wins,
 * control (site, events, depictions, replies) in a bounded queue that is never thinned. A client that overflows its queue
 * or takes nothing for too long is disconnected with a reason. Nothing here blocks an event loop or a publisher.
 *
 * <p>{@code Guard} decides who may come in, {@link sightline.pipeline.web.WebKeys} are the settings, {@code ApiRoutes} the
 * questions and commands, {@code FoxgloveEndpoint} the same picture for Foxglove. The page itself is plain modules under
 * {@code sightline/web} on the class path, listed in {@code files.txt}; it has no build step.
 */
package sightline.pipeline.web;
