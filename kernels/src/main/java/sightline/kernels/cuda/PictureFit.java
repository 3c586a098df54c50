package sightline.kernels.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import sightline.kernels.cuda.driver.CudaFailure;
import sightline.kernels.cuda.driver.DeviceMemory;
import sightline.kernels.cuda.program.Launch;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.vision.Framing;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Resampling;

/** The launch of {@code fit_picture}: what {@link sightline.kernels.vision.ImageToTensor} does, for a batch on the device. */
final class PictureFit {
    private static final int THREADS = 256;

    private final Framing framing;
    private final Normalisation normalisation;
    private final Resampling.Taps across;
    private final Resampling.Taps down;

    PictureFit(Framing framing, Resampling resampling, Normalisation normalisation) {
        this.framing = framing;
        this.normalisation = normalisation;
        this.across = framing.across(resampling);
        this.down = framing.down(resampling);
    }

    /** The tables in device memory: columns' sources and weights, then rows'. */
    DeviceMemory upload(CudaDevice device) {
        ByteBuffer tables =
                ByteBuffer.allocateDirect(bytes(across) + bytes(down)).order(ByteOrder.nativeOrder());
        for (Resampling.Taps taps : new Resampling.Taps[] {across, down}) {
            tables.asIntBuffer().put(taps.first());
            tables.position(tables.position() + 4 * taps.first().length);
            tables.asFloatBuffer().put(taps.weights());
            tables.position(tables.position() + 4 * taps.weights().length);
        }
        tables.flip();
        DeviceMemory memory = device.allocate(tables.remaining(), "resampling tables");
        try {
            memory.write(0, tables);
        } catch (CudaFailure failure) {
            memory.close();
            throw failure;
        }
        return memory;
    }

    private static int bytes(Resampling.Taps taps) {
        return 4 * (taps.first().length + taps.weights().length);
    }

    Launch launch(int batch, long pixels, long input, long tables) {
        long columnWeights = tables + 4L * across.first().length;
        long rows = tables + bytes(across);
        long area = (long) framing.inputWidth() * framing.inputHeight();
        Params params = new Params()
                .int64(pixels)
                .int64(input)
                .int64(tables)
                .int64(columnWeights)
                .int64(rows)
                .int64(rows + 4L * down.first().length)
                .int32(framing.sourceWidth(), framing.sourceHeight(), framing.width(), framing.height())
                .int32(framing.inputWidth(), framing.inputHeight(), across.count(), down.count());
        for (int c = 0; c < 3; c++) {
            params.float32(normalisation.scale(c));
        }
        for (int c = 0; c < 3; c++) {
            params.float32(normalisation.shift(c));
        }
        double source = 3.0 * framing.sourceWidth() * framing.sourceHeight();
        return new Launch(
                "picture",
                "fit_picture",
                new Launch.Grid(Math.toIntExact((area + THREADS - 1) / THREADS), batch, 1),
                THREADS,
                0,
                params.pack(slot -> 0),
                "pictures",
                6.0 * batch * area * across.count() * down.count(),
                batch * (source + 12.0 * area));
    }
}
