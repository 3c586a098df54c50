package sightline.sensors.dataset;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sightline.config.domain.TruthPoint;

/** Fills in velocities that a recording does not have, by central differences along each object's path. */
final class Velocities {
    private Velocities() {}

    static List<TruthPoint> differences(List<TruthPoint> points) {
        Map<String, List<TruthPoint>> paths = new LinkedHashMap<>();
        points.forEach(
                p -> paths.computeIfAbsent(p.object(), k -> new ArrayList<>()).add(p));
        List<TruthPoint> out = new ArrayList<>(points.size());
        for (List<TruthPoint> path : paths.values()) {
            path.sort(Comparator.comparingLong(TruthPoint::timeNanos));
            for (int i = 0; i < path.size(); i++) {
                TruthPoint a = path.get(Math.max(0, i - 1));
                TruthPoint p = path.get(i);
                TruthPoint b = path.get(Math.min(path.size() - 1, i + 1));
                double seconds = Math.max(1, b.timeNanos() - a.timeNanos()) / 1e9;
                out.add(new TruthPoint(
                        p.object(),
                        p.label(),
                        p.timeNanos(),
                        p.east(),
                        p.north(),
                        path.size() < 2 ? 0 : (b.east() - a.east()) / seconds,
                        path.size() < 2 ? 0 : (b.north() - a.north()) / seconds,
                        p.origin()));
            }
        }
        out.sort(Comparator.comparingLong(TruthPoint::timeNanos));
        return out;
    }
}
