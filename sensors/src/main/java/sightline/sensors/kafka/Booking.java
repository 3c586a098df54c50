package sightline.sensors.kafka;

import java.util.Optional;
import java.util.OptionalLong;
import sightline.config.contract.Headers;
import sightline.config.ledger.Ledger;
import sightline.config.ledger.Ticket;

/**
 * Books what a source reads into the ledger, under the record's key as the camera. Heartbeats are no observations and
 * are not booked.
 */
record Booking(Ledger ledger, String stage) {

    Optional<Ticket> open(Inbound inbound) {
        if (inbound.header(Headers.CE_TYPE)
                .filter(Headers.TYPE_HEARTBEAT::equals)
                .isPresent()) {
            return Optional.empty();
        }
        OptionalLong epoch = number(inbound, Headers.EPOCH);
        OptionalLong sequence = number(inbound, Headers.CE_SEQUENCE);
        return Optional.of(
                epoch.isPresent() && sequence.isPresent()
                        ? ledger.open(inbound.key(), stage, epoch.getAsLong(), sequence.getAsLong())
                        : ledger.open(inbound.key(), stage));
    }

    private static OptionalLong number(Inbound inbound, String header) {
        try {
            return inbound.header(header)
                    .map(text -> OptionalLong.of(Long.parseLong(text)))
                    .orElse(OptionalLong.empty());
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
