package sightline.config.contract;

import sightline.config.domain.ObjectClass;
import sightline.config.domain.Origin;

/** Enumerations that many messages share. */
final class Names {

    private Names() {}

    static sightline.config.wire.Origin write(Origin origin) {
        return switch (origin) {
            case LIVE -> sightline.config.wire.Origin.LIVE;
            case REPLAY -> sightline.config.wire.Origin.REPLAY;
            case SIMULATED -> sightline.config.wire.Origin.SIMULATED;
            case SYNTHETIC -> sightline.config.wire.Origin.SYNTHETIC;
            case DRILL -> sightline.config.wire.Origin.DRILL;
        };
    }

    /** A message without an origin could pass for something seen, so it is refused. */
    static Origin read(sightline.config.wire.Origin origin) {
        return switch (origin) {
            case LIVE -> Origin.LIVE;
            case REPLAY -> Origin.REPLAY;
            case SIMULATED -> Origin.SIMULATED;
            case SYNTHETIC -> Origin.SYNTHETIC;
            case DRILL -> Origin.DRILL;
            case ORIGIN_UNSPECIFIED, UNRECOGNIZED -> throw Checks.unknown("origin", origin);
        };
    }

    /** Null is what no evidence says. */
    static sightline.config.wire.ObjectClass write(ObjectClass label) {
        if (label == null) {
            return sightline.config.wire.ObjectClass.OBJECT_CLASS_UNSPECIFIED;
        }
        return switch (label) {
            case PERSON -> sightline.config.wire.ObjectClass.PERSON;
            case BICYCLE -> sightline.config.wire.ObjectClass.BICYCLE;
            case CAR -> sightline.config.wire.ObjectClass.CAR;
            case MOTORCYCLE -> sightline.config.wire.ObjectClass.MOTORCYCLE;
            case BUS -> sightline.config.wire.ObjectClass.BUS;
            case TRUCK -> sightline.config.wire.ObjectClass.TRUCK;
        };
    }

    /** The class, or null where none is given. */
    static ObjectClass readOrNull(sightline.config.wire.ObjectClass label) {
        return switch (label) {
            case PERSON -> ObjectClass.PERSON;
            case BICYCLE -> ObjectClass.BICYCLE;
            case CAR -> ObjectClass.CAR;
            case MOTORCYCLE -> ObjectClass.MOTORCYCLE;
            case BUS -> ObjectClass.BUS;
            case TRUCK -> ObjectClass.TRUCK;
            case OBJECT_CLASS_UNSPECIFIED -> null;
            case UNRECOGNIZED -> throw Checks.unknown("label", label);
        };
    }

    static ObjectClass read(sightline.config.wire.ObjectClass label) {
        ObjectClass known = readOrNull(label);
        if (known == null) {
            throw Checks.unknown("label", label);
        }
        return known;
    }
}
