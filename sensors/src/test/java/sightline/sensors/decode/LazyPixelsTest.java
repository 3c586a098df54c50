package sightline.sensors.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.Frame;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.domain.Pixels;

/** Pictures that wait to be decoded until somebody asks. */
class LazyPixelsTest {
    private final PixelPool pool = PixelPool.tracking(32 << 20);
    private final JpegDecoder decoder = JpegDecoder.best(JpegLimits.DEFAULT);

    @AfterEach
    void nothingLeaks() {
        assertThat(pool.used()).isZero();
        pool.close();
        decoder.close();
    }

    private Frame later(byte[] jpeg) {
        FrameHeader header =
                new FrameHeader("cam-1", 1, 1, new ObservationTime(1, 0, "test", 0, 0), Origin.SIMULATED, 1, 1, "", "");
        return decoder.later(new EncodedFrame(header, "image/jpeg", ByteBuffer.wrap(jpeg)), pool);
    }

    @Test
    void whatNobodyAsksForIsNeverDecoded() {
        byte[] jpeg = Jpegs.good(160, 96);
        try (Frame frame = later(jpeg)) {
            assertThat(frame.header().width()).isEqualTo(160);
            assertThat(frame.pixels().height()).isEqualTo(96);
            assertThat(frame.pixels().compressed()).hasValue(ByteBuffer.wrap(jpeg));
            assertThat(pool.used()).isZero();
        }
    }

    @Test
    void whoAsksGetsWhatTheDecoderMakesOfItAndTheLastOwnerGivesItBack() {
        byte[] jpeg = Jpegs.good(33, 17);
        Pixels wanted = decoder.decode(ByteBuffer.wrap(jpeg), pool);
        Frame frame = later(jpeg);
        frame.retain();
        assertThat(frame.pixels().stride()).isEqualTo(wanted.stride());
        assertThat(frame.pixels().data().toArray(ValueLayout.JAVA_BYTE))
                .isEqualTo(wanted.data().toArray(ValueLayout.JAVA_BYTE));
        wanted.release();
        frame.close();
        assertThat(pool.used()).isEqualTo(1);
        frame.close();
        assertThatThrownBy(frame::close).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> frame.pixels().data()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(frame::retain).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatItsHeaderTellsIsRefusedAtOnceAndTheRestWhereItIsAskedFor() {
        assertThatThrownBy(() -> later(new byte[] {1, 2, 3, 4, 5})).isInstanceOf(UnreadablePictureException.class);
        byte[] broken = Jpegs.good(160, 96);
        Arrays.fill(broken, broken.length / 2, broken.length - 2, (byte) 0);
        try (Frame frame = later(broken)) {
            assertThatThrownBy(() -> frame.pixels().data()).isInstanceOf(UnreadablePictureException.class);
        }
    }
}
