package sightline.kernels.reference;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import sightline.kernels.graph.Finding;

/** What {@link Finding.Peaks} and {@link Finding.Summits} say, literally. */
final class Peaks {
    private Peaks() {}

    static Array find(Finding.Peaks op, List<Array> in, Array out) {
        for (int map = 0; map < out.dim(0) * out.dim(1); map++) {
            Enlarged maps = Enlarged.of(in.get(0), in.get(1), map / out.dim(1), map % out.dim(1));
            List<Integer> highest = IntStream.range(0, maps.heat.length)
                    .filter(i -> maps.heat[i] > op.least() && maps.isHighest(i))
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> -maps.heat[i]))
                    .limit(op.most())
                    .toList();
            for (int i = 0; i < op.most(); i++) {
                int row = (map * op.most() + i) * Finding.Peaks.ROW;
                out.reals[row] = -1;
                if (i < highest.size()) {
                    int at = highest.get(i);
                    out.reals[row] = at % maps.width;
                    out.reals[row + 1] = at / maps.width;
                    out.reals[row + 2] = maps.heat[at];
                    out.reals[row + 3] = maps.tag[at];
                    out.reals[row + 4] = maps.nudgeAcross(at);
                    out.reals[row + 5] = maps.nudgeDown(at);
                }
            }
        }
        return out;
    }

    static Array search(List<Array> in, Array out) {
        int pictures = in.get(1).dim(0);
        int all = in.get(1).dim(1);
        Map<Integer, Enlarged> enlarged = new HashMap<>();
        for (int query = 0; query < out.dim(0); query++) {
            int asked = query * Finding.Summits.SOUGHT;
            int picture = (int) in.get(2).reals[asked];
            int map = (int) in.get(2).reals[asked + 1];
            double tag = in.get(2).reals[asked + 2];
            int row = query * Finding.Summits.ROW;
            out.reals[row] = -1;
            if (picture >= 0 && picture < pictures && map >= 0 && map < all) {
                Enlarged maps = enlarged.computeIfAbsent(
                        picture * all + map, k -> Enlarged.of(in.get(0), in.get(1), picture, map));
                int at = summit(maps, tag);
                out.reals[row] = at % maps.width;
                out.reals[row + 1] = at / maps.width;
                out.reals[row + 2] = maps.heat[at];
                out.reals[row + 3] = maps.nudgeAcross(at);
                out.reals[row + 4] = maps.nudgeDown(at);
            }
        }
        return out;
    }

    private static int summit(Enlarged maps, double tag) {
        int best = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < maps.heat.length; i++) {
            double worth = maps.heat[i] - Math.rint(Math.abs(maps.tag[i] - tag));
            if (worth > most) {
                most = worth;
                best = i;
            }
        }
        return best;
    }
}
