/**
 * Conservation of observations. Per camera and stage:
 *
 * <pre>received = in flight + done + superseded + stale + invalid + failed</pre>
 *
 * <p>Redeliveries are counted apart. What the equation leaves over is {@code unaccounted}: it stays 0 or something was
 * lost without a word.
 *
 * <ul>
 *   <li>{@link sightline.config.ledger.Ledger} is the port that stages report to, {@link
 *       sightline.config.ledger.Ticket} the receipt for one observation in one stage.
 *   <li>{@link sightline.config.ledger.LedgerSnapshot} is what a page or a metric reads.
 *   <li>{@code LiveLedger} is the implementation: {@code Account} counts, {@code Slip} notices a ticket that nobody
 *       closed, {@code Deliveries} notices an observation that comes twice.
 * </ul>
 */
package sightline.config.ledger;
