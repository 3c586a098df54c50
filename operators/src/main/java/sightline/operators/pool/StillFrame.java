package sightline.operators.pool;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import sightline.config.domain.Frame;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.domain.Pixels;

/** A still picture as a frame, for networks that look at frames. Its memory is the garbage collector's. */
public final class StillFrame {
    private StillFrame() {}

    public static Frame of(Picture picture) {
        MemorySegment data = Arena.ofAuto().allocate(picture.rgb().length);
        MemorySegment.copy(MemorySegment.ofArray(picture.rgb()), 0, data, 0, picture.rgb().length);
        var header = new FrameHeader(
                "still",
                0,
                0,
                ObservationTime.at(1, "still"),
                Origin.REPLAY,
                picture.width(),
                picture.height(),
                "",
                "");
        return new Frame(header, new Still(picture.width(), picture.height(), data));
    }

    private record Still(int width, int height, MemorySegment data) implements Pixels {
        @Override
        public int stride() {
            return 3 * width;
        }

        @Override
        public Pixels retain() {
            return this;
        }

        @Override
        public void release() {
            // Nobody has to.
        }
    }
}
