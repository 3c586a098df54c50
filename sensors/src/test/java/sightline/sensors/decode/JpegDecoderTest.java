package sightline.sensors.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.Frame;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.domain.Pixels;
import sightline.sensors.decode.UnreadablePictureException.Reason;

class JpegDecoderTest {
    private final PixelPool pool = PixelPool.tracking(32 << 20);

    @AfterEach
    void nothingLeaks() {
        assertThat(pool.used()).isZero();
        pool.close();
    }

    private static JpegDecoder decoder(String name) {
        if (name.equals("imageio")) {
            return JpegDecoder.imageIo(JpegLimits.DEFAULT);
        }
        assumeTrue(TurboJpeg.load().isPresent(), "libturbojpeg is not installed");
        return JpegDecoder.best(JpegLimits.DEFAULT);
    }

    private void refused(String name, byte[] jpeg, Reason reason) {
        try (JpegDecoder decoder = decoder(name)) {
            assertThatThrownBy(() -> decoder.decode(ByteBuffer.wrap(jpeg), pool))
                    .isInstanceOfSatisfying(UnreadablePictureException.class, e -> assertThat(e.reason())
                            .isEqualTo(reason));
            assertThat(pool.used()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"imageio", "libjpeg-turbo"})
    void aGoodPictureComesOutAsItWentIn(String name) {
        byte[] jpeg = Jpegs.good(160, 96);
        ByteBuffer direct = ByteBuffer.allocateDirect(jpeg.length + 9).position(5);
        direct.put(jpeg).flip().position(5);
        try (JpegDecoder decoder = decoder(name)) {
            assertThat(decoder.name()).isEqualTo(name);
            for (ByteBuffer input : new ByteBuffer[] {ByteBuffer.wrap(jpeg).asReadOnlyBuffer(), direct}) {
                int position = input.position();
                Pixels pixels = decoder.decode(input, pool);
                assertThat(input.position()).isEqualTo(position);
                assertThat(pixels.width()).isEqualTo(160);
                assertThat(pixels.height()).isEqualTo(96);
                assertThat(difference(pixels, Jpegs.pixels(160, 96))).isLessThan(4);
                pixels.release();
            }
        }
    }

    private static double difference(Pixels pixels, byte[] rgb) {
        double sum = 0;
        for (int i = 0; i < rgb.length; i++) {
            sum += Math.abs((pixels.data().get(ValueLayout.JAVA_BYTE, i) & 0xff) - (rgb[i] & 0xff));
        }
        return sum / rgb.length;
    }

    @ParameterizedTest
    @ValueSource(strings = {"imageio", "libjpeg-turbo"})
    void greyAndProgressivePicturesAreRgbToo(String name) {
        try (JpegDecoder decoder = decoder(name)) {
            Pixels grey = decoder.decode(ByteBuffer.wrap(Jpegs.grey(33, 17)), pool);
            assertThat(grey.stride()).isEqualTo(99);
            grey.release();
            Pixels progressive = decoder.decode(ByteBuffer.wrap(Jpegs.progressive(33, 17)), pool);
            assertThat(progressive.width()).isEqualTo(33);
            progressive.release();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"imageio", "libjpeg-turbo"})
    void motionJpegWithoutTablesIsReadWithTheStandardOnes(String name) {
        byte[] bare = Jpegs.without(Jpegs.good(160, 96), 0xc4);
        assertThat(JpegHeader.read(ByteBuffer.wrap(bare), JpegLimits.DEFAULT).huffmanTables())
                .isFalse();
        try (JpegDecoder decoder = decoder(name)) {
            Pixels pixels = decoder.decode(ByteBuffer.wrap(bare), pool);
            assertThat(difference(pixels, Jpegs.pixels(160, 96))).isLessThan(4);
            pixels.release();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"imageio", "libjpeg-turbo"})
    void zeroLength(String name) {
        refused(name, new byte[0], Reason.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"imageio", "libjpeg-turbo"})
    void wrongMagic(String name) {
        refused(
                name,
                "\u0089PNG\r\n and so on".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1),
                Reason.NOT_JPEG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"imageio", "libjpeg-turbo"})
    void truncatedAnywhere(String name) {
        byte[] jpeg = Jpegs.good(160, 96);
        for (int length = 1; length < jpeg.length; length += 1 + length / 20) {
            refused(name, Arrays.copyOf(jpeg, length), Reason.TRUNCATED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"imageio", "libjpeg-turbo"})
    void sixtyFourThousandSquaredIsRefusedBeforeAnythingIsAllocated(String name) {
        refused(name, Jpegs.withFrameByte(Jpegs.good(160, 96), 1, 0xff, 0xff, 0xff, 0xff), Reason.TOO_LARGE);
        assertThat(pool.allocatedBytes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"imageio", "libjpeg-turbo"})
    void twelveBitsAreRefusedByName(String name) {
        refused(name, Jpegs.withFrameByte(Jpegs.good(160, 96), 0, 12), Reason.TWELVE_BIT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"imageio", "libjpeg-turbo"})
    void cmykIsRefusedByName(String name) {
        refused(name, Jpegs.withFrameByte(Jpegs.good(160, 96), 5, 4), Reason.CMYK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"imageio", "libjpeg-turbo"})
    void aProgressiveBombIsNotDefusedByDecodingIt(String name) {
        refused(name, Jpegs.bomb(5000), Reason.TOO_MANY_SCANS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"imageio", "libjpeg-turbo"})
    void aLossyLookAlikeWithLosslessCodingIsRefused(String name) {
        byte[] jpeg = Jpegs.good(160, 96);
        jpeg[Jpegs.find(jpeg, 0xc0, 0) + 1] = (byte) 0xc3;
        refused(name, jpeg, Reason.UNSUPPORTED_CODING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"imageio", "libjpeg-turbo"})
    void flippedBytesNeitherCrashNorLeak(String name) {
        byte[] jpeg = Jpegs.good(96, 64);
        SplittableRandom random = new SplittableRandom(17);
        int refused = 0;
        try (JpegDecoder decoder = decoder(name)) {
            for (int i = 0; i < 400; i++) {
                byte[] broken = jpeg.clone();
                for (int k = 0; k < 4; k++) {
                    broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
                }
                try {
                    decoder.decode(ByteBuffer.wrap(broken), pool).release();
                } catch (UnreadablePictureException | PixelPoolExhaustedException e) {
                    refused++;
                }
                assertThat(pool.used()).isZero();
            }
        }
        assertThat(refused).isBetween(20, 399);
    }

    @ParameterizedTest
    @ValueSource(strings = {"imageio", "libjpeg-turbo"})
    void manyThreadsDecodeAtOnce(String name) throws Exception {
        byte[] jpeg = Jpegs.good(160, 96);
        try (JpegDecoder decoder = decoder(name);
                ExecutorService threads = Executors.newFixedThreadPool(6)) {
            CountDownLatch start = new CountDownLatch(6);
            var results = IntStream.range(0, 6)
                    .<Future<Boolean>>mapToObj(t -> threads.submit(() -> {
                        start.countDown();
                        start.await();
                        boolean right = true;
                        for (int i = 0; i < 30; i++) {
                            Pixels pixels = decoder.decode(ByteBuffer.wrap(jpeg), pool);
                            right &= difference(pixels, Jpegs.pixels(160, 96)) < 4;
                            pixels.release();
                        }
                        return right;
                    }))
                    .toList();
            for (Future<Boolean> result : results) {
                assertThat(result.get()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"imageio", "libjpeg-turbo"})
    void aFrameTakesTheSizeThatItsPictureHas(String name) {
        FrameHeader header =
                new FrameHeader("cam", 0, 1, ObservationTime.at(5, "test"), Origin.REPLAY, 640, 360, "v1", "");
        try (JpegDecoder decoder = decoder(name);
                Frame frame = decoder.decode(
                        new EncodedFrame(header, "image/jpeg", ByteBuffer.wrap(Jpegs.good(160, 96))), pool)) {
            assertThat(frame.header().width()).isEqualTo(160);
            assertThat(frame.header().height()).isEqualTo(96);
            assertThat(frame.header().id()).isEqualTo(header.id());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"imageio", "libjpeg-turbo"})
    void encodersWriteWhatDecodersRead(String name) {
        JpegEncoder encoder = name.equals("imageio") ? JpegEncoder.imageIo(92) : JpegEncoder.best(92);
        try (JpegDecoder decoder = decoder(name)) {
            assertThat(encoder.name()).isEqualTo(name);
            Pixels pixels = decoder.decode(encoder.encode(Jpegs.pixels(161, 95), 161, 95), pool);
            assertThat(difference(pixels, Jpegs.pixels(161, 95))).isLessThan(4);
            pixels.release();
        }
    }
}
