package sightline.kernels.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sightline.config.domain.Pixels;
import sightline.kernels.cuda.driver.DeviceEvent;
import sightline.kernels.cuda.driver.DeviceKernel;
import sightline.kernels.cuda.driver.DeviceMemory;
import sightline.kernels.cuda.driver.NvJpeg;
import sightline.kernels.cuda.program.Program;
import sightline.kernels.vision.Framing;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Resampling;

/**
 * Pictures of one size that become a {@link Conveyor}'s inputs: room for a batch in each lane, so that several are decoded at
 * a time. Opened on the device's thread.
 */
final class LanePictures implements AutoCloseable {
    private final CudaDevice device;
    private final PictureFit plan;
    private final int batch;
    private final Program.Port input;
    private final List<InLane> lanes = new ArrayList<>();
    private final DeviceMemory taps;
    private final DeviceKernel fit;

    /** @param loaded its batch was read from the stage and is on the device */
    private record InLane(PictureLoader loader, DeviceEvent loaded) {}

    LanePictures(
            CudaDevice device,
            Program.Port input,
            Framing framing,
            Resampling resampling,
            Normalisation normalisation) {
        this.device = device;
        this.input = input;
        this.batch = Math.toIntExact(input.type().shape().size(0));
        this.plan = new PictureFit(framing, resampling, normalisation);
        this.taps = plan.upload(device);
        try {
            for (int i = 0; i < device.lanes().count(); i++) {
                lanes.add(new InLane(
                        new PictureLoader(device, framing, batch, Runnable::run), new DeviceEvent(device.context())));
            }
            this.fit = device.prepare(plan.launch(batch, lanes.getFirst().loader.address(), 0, taps.address()));
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /** What to do with these on a lane's thread. */
    Conveyor.Feed feed(List<Pixels> pictures) {
        return (seat, lane, number) -> {
            InLane mine = lanes.get(number);
            mine.loaded.await("loading pictures");
            Optional<NvJpeg> decoder = lane.decoder();
            PictureLoader.Staged staged = mine.loader.stage(pictures, decoder.isPresent());
            mine.loader.issue(staged, decoder, lane.stream());
            fit.issue(plan.launch(batch, mine.loader.address(), seat.address(input), taps.address()), lane.stream());
            mine.loaded.record(lane.stream());
        };
    }

    @Override
    public void close() {
        device.run(() -> {
            for (InLane lane : lanes) {
                lane.loader.close();
                lane.loaded.close();
            }
            taps.close();
        });
    }
}
