package sightline.sensors.decode;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** libjpeg-turbo's encoder. Handles and their buffers live as long as the encoder is reachable: there are few. */
final class TurboEncoder implements JpegEncoder {
    private static final long POINTERS = 16;

    private final TurboJpeg library;
    private final int quality;
    private final Handles handles;

    TurboEncoder(TurboJpeg library, int quality) {
        if (quality < 1 || quality > 100) {
            throw new IllegalArgumentException("quality " + quality + " is not in 1..100");
        }
        this.library = library;
        this.quality = quality;
        this.handles = new Handles(library, library.initCompress);
    }

    @Override
    public ByteBuffer encode(byte[] rgb, int width, int height) {
        long source = 3L * width * height;
        try (Handles.Handle handle = handles.borrow()) {
            long most = (long) library.bufferSize.invokeExact(width, height, TurboJpeg.SAMPLES_420);
            MemorySegment memory = handle.buffer(POINTERS + source + most);
            MemorySegment pixels = memory.asSlice(POINTERS, source);
            MemorySegment jpeg = memory.asSlice(POINTERS + source, most);
            MemorySegment.copy(rgb, 0, pixels, JAVA_BYTE, 0, (int) source);
            memory.set(ADDRESS, 0, jpeg);
            memory.set(JAVA_LONG, 8, most);
            int failed = (int) library.compress.invokeExact(
                    handle.address,
                    pixels,
                    width,
                    3 * width,
                    height,
                    TurboJpeg.RGB,
                    memory.asSlice(0, 8),
                    memory.asSlice(8, 8),
                    TurboJpeg.SAMPLES_420,
                    quality,
                    TurboJpeg.FLAG_NO_REALLOC);
            if (failed != 0) {
                throw new IllegalStateException("a picture could not be compressed: " + library.error(handle.address));
            }
            byte[] out = new byte[Math.toIntExact(memory.get(JAVA_LONG, 8))];
            MemorySegment.copy(jpeg, JAVA_BYTE, 0, out, 0, out.length);
            return ByteBuffer.wrap(out);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("libjpeg-turbo could not be called", e);
        }
    }

    @Override
    public String name() {
        return "libjpeg-turbo";
    }
}
