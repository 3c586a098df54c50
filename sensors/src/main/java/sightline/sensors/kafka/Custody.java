package sightline.sensors.kafka;

import sightline.config.ledger.Disposition;

/** What a record needs of the session that read it when it is disposed of. */
interface Custody {
    /** Called once per record, after the caller has claimed it. */
    void finish(Inbound inbound, Disposition how, boolean acknowledged);

    /** Called once per record, after the caller has claimed it; ends in {@link #finish}. */
    void bury(Inbound inbound, String stage, Throwable cause);

    boolean cancelled();
}
