package sightline.operators.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import sightline.config.domain.Event;
import sightline.config.domain.SensorStatus;
import sightline.config.domain.SensorStatus.State;

/** A sensor that does not deliver for longer than is forgiven. One that was removed on purpose is no fault. */
final class FaultRule implements Rule {
    private final RuleSettings.SensorFault settings;
    private final EventWriter writer;
    private final Map<String, Trouble> troubles = new TreeMap<>();

    /** Since when, what it says, and whether that was told. */
    private static final class Trouble {
        private final long sinceNanos;
        private SensorStatus latest;
        private boolean raised;

        Trouble(SensorStatus first) {
            sinceNanos = first.timeNanos();
            latest = first;
        }
    }

    FaultRule(RuleSettings.SensorFault settings, Evidence evidence) {
        this.settings = settings;
        writer = new EventWriter(settings.name(), evidence);
    }

    @Override
    public void status(SensorStatus status) {
        if (status.state() == State.LIVE || status.state() == State.REMOVED) {
            troubles.remove(status.sensor());
        } else {
            troubles.computeIfAbsent(status.sensor(), s -> new Trouble(status)).latest = status;
        }
    }

    @Override
    public List<Event> at(Moment moment) {
        List<Event> events = new ArrayList<>();
        troubles.forEach((sensor, trouble) -> {
            if (!trouble.raised
                    && moment.timeNanos() - trouble.sinceNanos
                            >= settings.grace().toNanos()) {
                trouble.raised = true;
                events.add(writer.write(
                        Event.Kind.SENSOR_FAULT,
                        "",
                        moment.timeNanos(),
                        sensor,
                        trouble.sinceNanos,
                        Credence.TRUE,
                        List.of(),
                        trouble.latest.origin(),
                        sensor + " delivers nothing: " + reason(trouble.latest)));
            }
        });
        return events;
    }

    private static String reason(SensorStatus status) {
        String state = status.state().name().toLowerCase(Locale.ROOT);
        return status.reason().isBlank() ? state + "." : state + ", " + status.reason();
    }
}
