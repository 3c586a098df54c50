package sightline.operators.fusion.bench;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import sightline.operators.fusion.NewTracks;
import sightline.operators.fusion.TrackFusion;
import sightline.operators.phd.LabelSource;
import sightline.operators.phd.Observation;
import sightline.operators.phd.PresenceFilter;
import sightline.operators.phd.PresenceSettings;
import sightline.operators.phd.PresenceState;
import sightline.operators.phd.TrackHypothesis;
import sightline.operators.phd.TrackLabel;

/** One node a sensor on a complete graph without faults: after every step all hold the same fused table. */
final class CommonTable implements Contender {
    private final PresenceParts parts;
    private final Column column;
    private final boolean split;
    private final double share;
    private final PresenceFilter fused;
    private final List<PresenceFilter> whole = new ArrayList<>();
    private final List<PresenceFilter> local = new ArrayList<>();
    private final LabelSource.Counting places = LabelSource.counting("place", 1);
    private final TrackFusion fusion;
    private final NewTracks joining;

    CommonTable(PresenceParts parts, Column column, boolean split) {
        this.parts = parts;
        this.column = column;
        this.split = split;
        PresenceSettings s = parts.settings();
        share = 1.0 / column.sensors();
        fused = parts.filter("fused", 1);
        for (int k = 0; k < column.sensors(); k++) {
            whole.add(parts.filter("n" + k, 1));
            local.add(PresenceParts.filter(shareSettings(s), "share" + k, split ? share : 1));
        }
        fusion = new TrackFusion(60, s.terms(), s.termRadius(), s.logTermPrune());
        joining = new NewTracks(parts.logBirth(column), s.birthGate());
    }

    private PresenceSettings shareSettings(PresenceSettings s) {
        return split && parts.confirmations() > 0 ? s.ofShare(share, column.logFalseAlarm() + column.logMiss()) : s;
    }

    @Override
    public List<List<double[]>> step(int step, List<List<Observation>> seen) {
        fused.predictTo(PresenceParts.nanos(step));
        PresenceParts.births(fused, places, PresenceParts.nanos(step));
        List<TrackHypothesis> full = fused.save().tracks();
        Set<TrackLabel> known = new HashSet<>();
        full.forEach(track -> known.add(track.label()));
        List<List<TrackHypothesis>> tables = new ArrayList<>();
        List<TrackHypothesis> births = new ArrayList<>();
        for (int s = 0; s < seen.size(); s++) {
            tables.add(look(s, step, full, seen.get(s), births));
        }
        List<TrackHypothesis> next = fusion.product(tables);
        next.addAll(joining.join(births, seen.size(), column.logMiss()));
        fused.restore(new PresenceState(PresenceParts.nanos(step), 1, next));
        fused.reduce();
        return List.of(PresenceParts.read(fused.tracks()));
    }

    private List<TrackHypothesis> look(
            int s, int step, List<TrackHypothesis> full, List<Observation> seen, List<TrackHypothesis> births) {
        PresenceFilter own = local.get(s);
        own.restore(new PresenceState(PresenceParts.nanos(step), 1, full));
        if (split) {
            own.tracks().forEach(track -> track.power(share));
        }
        own.update(parts.silent(column, step, s, seen), fused);
        if (parts.confirmations() > 0) {
            PresenceFilter all = whole.get(s);
            all.restore(new PresenceState(PresenceParts.nanos(step), all.save().labelMark(), full));
            int born = all.update(parts.scan(column, step, s, seen));
            births.addAll(all.tracks()
                    .subList(all.tracks().size() - born, all.tracks().size()));
        }
        return split ? own.tracks() : TrackFusion.power(own.tracks(), share);
    }
}
