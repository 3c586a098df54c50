package sightline.sensors.decode;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import sightline.config.domain.Pixels;
import sightline.sensors.decode.UnreadablePictureException.Reason;

/**
 * libjpeg-turbo, decoding straight into the pool's memory. The compressed bytes are copied to native memory first: pinning
 * the heap for the milliseconds of a decode would hold up the collector, copying takes microseconds.
 */
final class TurboDecoder implements JpegDecoder {
    private final TurboJpeg library;
    private final JpegLimits limits;
    private final Handles handles;

    TurboDecoder(TurboJpeg library, JpegLimits limits) {
        this.library = library;
        this.limits = limits;
        this.handles = new Handles(library, library.initDecompress);
    }

    @Override
    public Pixels decode(ByteBuffer jpeg, PixelPool pool) {
        JpegHeader header = JpegHeader.read(jpeg, limits);
        Pixels pixels = pool.acquire(header.width(), header.height());
        try (Handles.Handle handle = handles.borrow()) {
            long size = jpeg.remaining();
            MemorySegment input = handle.buffer(size);
            MemorySegment.copy(MemorySegment.ofBuffer(jpeg), 0, input, 0, size);
            int failed = (int) library.decompress.invokeExact(
                    handle.address,
                    input,
                    size,
                    pixels.data(),
                    header.width(),
                    pixels.stride(),
                    header.height(),
                    TurboJpeg.RGB,
                    TurboJpeg.FLAG_STOP_ON_WARNING | TurboJpeg.FLAG_LIMIT_SCANS);
            if (failed != 0) {
                throw new UnreadablePictureException(
                        Reason.CORRUPT, "the picture is broken: " + library.error(handle.address));
            }
            return pixels;
        } catch (RuntimeException | Error e) {
            pixels.release();
            throw e;
        } catch (Throwable e) {
            pixels.release();
            throw new IllegalStateException("libjpeg-turbo could not be called", e);
        }
    }

    @Override
    public JpegLimits limits() {
        return limits;
    }

    @Override
    public String name() {
        return "libjpeg-turbo";
    }

    @Override
    public void close() {
        handles.close();
    }
}
