package sightline.operators.fusion;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import sightline.operators.phd.Support;
import sightline.operators.phd.TrackHypothesis;
import sightline.operators.phd.TrackLabel;
import sightline.operators.possibility.MaxMixture;

/** A track table as bytes, every number exact. */
final class TableBytes {
    private TableBytes() {}

    static void write(List<TrackHypothesis> tracks, DataOutputStream out) throws IOException {
        out.writeInt(tracks.size());
        for (TrackHypothesis track : tracks) {
            out.writeUTF(track.label().node());
            out.writeLong(track.label().incarnation());
            out.writeLong(track.label().counter());
            out.writeLong(track.bornNanos());
            out.writeDouble(track.logPresence());
            out.writeDouble(track.logAbsence());
            out.writeBoolean(track.confirmed());
            MaxMixture f = track.where();
            out.writeInt(f.size());
            for (int i = 0; i < f.size(); i++) {
                out.writeDouble(f.logWeight(i));
                for (int k = 0; k < 4; k++) {
                    out.writeDouble(f.means()[i * 4 + k]);
                }
                for (int k = 0; k < 16; k++) {
                    out.writeDouble(f.covariances()[i * 16 + k]);
                }
            }
            Support support = track.support();
            out.writeInt(support.size());
            for (int i = 0; i < support.size(); i++) {
                out.writeUTF(support.sensor(i));
                out.writeLong(support.detectedNanos(i));
                out.writeLong(support.missedNanos(i));
            }
        }
    }

    static List<TrackHypothesis> read(DataInputStream in) throws IOException {
        int count = in.readInt();
        List<TrackHypothesis> out = new ArrayList<>();
        for (int t = 0; t < count; t++) {
            TrackLabel label = new TrackLabel(in.readUTF(), in.readLong(), in.readLong());
            long born = in.readLong();
            double logPresence = in.readDouble();
            double logAbsence = in.readDouble();
            boolean confirmed = in.readBoolean();
            int terms = in.readInt();
            MaxMixture where = new MaxMixture(4, Math.max(1, Math.min(64, terms)));
            double[] mean = new double[4];
            double[] covariance = new double[16];
            for (int i = 0; i < terms; i++) {
                double logWeight = in.readDouble();
                for (int k = 0; k < 4; k++) {
                    mean[k] = in.readDouble();
                }
                for (int k = 0; k < 16; k++) {
                    covariance[k] = in.readDouble();
                }
                where.add(logWeight, mean, 0, covariance, 0);
            }
            TrackHypothesis track = new TrackHypothesis(label, born, logPresence, logAbsence, where);
            track.confirmed(confirmed);
            int sensors = in.readInt();
            for (int i = 0; i < sensors; i++) {
                String sensor = in.readUTF();
                long detected = in.readLong();
                long missed = in.readLong();
                track.support().record(sensor, detected, true);
                track.support().record(sensor, missed, false);
            }
            out.add(track);
        }
        return out;
    }
}
