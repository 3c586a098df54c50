package sightline.pipeline.topology;

import java.time.Duration;
import sightline.config.settings.Setting;
import sightline.config.settings.Settings;
import sightline.config.settings.SettingsGroup;
import sightline.operators.depict.ReadBackGate;

/** The keys of depiction and of the gate that its pictures pass. */
public final class DepictionKeys {
    private static final DepictionStage.Limits DEFAULTS = DepictionStage.Limits.DEFAULT;
    private static final ReadBackGate.Tolerance GATE = ReadBackGate.Tolerance.DEFAULT;

    public static final Setting<Integer> WAITING = Setting.integer("depiction.waiting", DEFAULTS.waiting())
            .within(1, 4096)
            .unit("requests")
            .doc("Requests that may wait; the least urgent gives way.");

    public static final Setting<Duration> LONGEST = Setting.duration("depiction.longest", DEFAULTS.longest())
            .within(Duration.ofMillis(100), Duration.ofHours(1))
            .doc("A picture that takes longer is given up.");

    public static final Setting<Double> GATE_METRES = Setting.number("depiction.gate.metres", GATE.metres())
            .within(0.05, 100.)
            .unit("m")
            .doc("How far from its place a person may be read back.");

    public static final Setting<Double> GATE_SEEN = Setting.number("depiction.gate.seen", GATE.seen())
            .within(0.01, 0.99)
            .doc("Least score of a person that is read back.");

    public static final Setting<Double> GATE_SURPLUS = Setting.number("depiction.gate.surplus", GATE.surplus())
            .within(0.01, 0.99)
            .doc("Least score of a person whom nobody asked for and who spoils the picture.");

    public static final Setting<Double> GATE_JOINTS = Setting.number("depiction.gate.joints", GATE.joints())
            .within(0.01, 10.)
            .doc("How far a joint may be read back from its place, in parts of the person's height.");

    public static final SettingsGroup GROUP = SettingsGroup.of(
            "depiction",
            "Pictures of what happened, and the gate that reads them back.",
            WAITING,
            LONGEST,
            GATE_METRES,
            GATE_SEEN,
            GATE_SURPLUS,
            GATE_JOINTS);

    private DepictionKeys() {}

    static DepictionStage.Limits limits(Settings settings) {
        return new DepictionStage.Limits(settings.get(WAITING), settings.get(LONGEST));
    }

    static ReadBackGate.Tolerance gate(Settings settings) {
        return new ReadBackGate.Tolerance(
                settings.get(GATE_METRES),
                settings.get(GATE_SEEN),
                settings.get(GATE_SURPLUS),
                settings.get(GATE_JOINTS));
    }
}
