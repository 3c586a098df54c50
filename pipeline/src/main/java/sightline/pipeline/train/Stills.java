package sightline.pipeline.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import reactor.core.scheduler.Schedulers;
import sightline.config.domain.EncodedFrame;
import sightline.operators.pool.LabeledPicture;
import sightline.operators.pool.NeverTrain;
import sightline.sensors.decode.JpegEncoder;
import sightline.sensors.source.CameraStamp;
import sightline.sensors.source.VideoSource;

/** Frames of a video as pictures without labels. */
public final class Stills {
    private static final int QUALITY = 92;

    private Stills() {}

    /**
     * Every n-th frame of a video that may be trained on.
     *
     * @param source what the pictures' set is called
     */
    public static List<LabeledPicture> of(Path video, String source, int every) {
        NeverTrain.check(video.toString());
        List<LabeledPicture> pictures = new ArrayList<>();
        String clip = video.getFileName().toString();
        for (EncodedFrame frame : frames(video, every)) {
            byte[] jpeg = new byte[frame.payload().remaining()];
            frame.payload().duplicate().get(jpeg);
            String name = source + "/" + clip + "-" + frame.header().sequence() + ".jpg";
            pictures.add(new LabeledPicture(name, source, false, jpeg, List.of()));
        }
        return pictures;
    }

    /** Every n-th frame of any video. */
    public static List<EncodedFrame> frames(Path video, int every) {
        var stamp = CameraStamp.replay(video.getFileName().toString(), 0);
        return VideoSource.file(video, stamp, 0, 0, JpegEncoder.imageIo(QUALITY), Schedulers.immediate())
                .open()
                .filter(frame -> frame.header().sequence() % every == 0)
                .collectList()
                .block();
    }
}
