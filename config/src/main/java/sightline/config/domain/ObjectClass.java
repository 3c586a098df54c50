package sightline.config.domain;

import java.util.Locale;

/** What the detector tells apart. The order is the channel order of the detection head: append only. */
public enum ObjectClass {
    PERSON,
    BICYCLE,
    CAR,
    MOTORCYCLE,
    BUS,
    TRUCK;

    /** Lower-case name, as in labels and topics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean isVehicle() {
        return this != PERSON;
    }
}
