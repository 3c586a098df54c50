package sightline.kernels.cuda;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import sightline.kernels.cuda.driver.DeviceEvent;
import sightline.kernels.cuda.driver.PinnedMemory;
import sightline.kernels.cuda.program.HostArrays;
import sightline.kernels.cuda.program.Program;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;

/**
 * Tensors that become a {@link Conveyor}'s inputs: pinned memory in each lane, which callers write to there. Opened and closed
 * on the device's thread.
 */
final class LaneTensors implements AutoCloseable {
    private final List<InLane> lanes = new ArrayList<>();

    /** @param loaded its memory was copied to the device */
    private record InLane(PinnedMemory memory, Map<String, Tensor> tensors, DeviceEvent loaded) {}

    LaneTensors(CudaDevice device, Program program, SessionMemory memory) {
        try {
            for (int i = 0; i < device.lanes().count(); i++) {
                PinnedMemory in = new PinnedMemory(memory.inputBytes());
                Map<String, Tensor> tensors = new LinkedHashMap<>();
                program.inputs().forEach((name, port) -> {
                    DType dtype = HostArrays.whole(port.type().dtype()) ? DType.I32 : DType.F32;
                    long at = memory.place(port.array().slot());
                    tensors.put(
                            name,
                            Tensor.view(
                                    dtype,
                                    in.segment().asSlice(at, 4L * port.array().size()),
                                    port.type().shape().toArray()));
                });
                lanes.add(new InLane(in, tensors, new DeviceEvent(device.context())));
            }
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /** What to do on a lane's thread: has all inputs written and copies them. */
    Conveyor.Feed feed(Consumer<Map<String, Tensor>> write) {
        return (seat, lane, number) -> {
            InLane mine = lanes.get(number);
            mine.loaded.await("copying inputs to the GPU");
            write.accept(mine.tensors);
            seat.ports().writeAsync(0, mine.memory, 0, mine.memory.bytes(), lane.stream());
            mine.loaded.record(lane.stream());
        };
    }

    @Override
    public void close() {
        for (InLane lane : lanes) {
            lane.memory.close();
            lane.loaded.close();
        }
    }
}
