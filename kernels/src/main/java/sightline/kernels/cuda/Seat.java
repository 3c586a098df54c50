package sightline.kernels.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import sightline.kernels.cuda.driver.DeviceEvent;
import sightline.kernels.cuda.driver.DeviceMemory;
import sightline.kernels.cuda.driver.DeviceStream;
import sightline.kernels.cuda.driver.LaunchGraph;
import sightline.kernels.cuda.driver.PinnedMemory;
import sightline.kernels.cuda.program.HostArrays;
import sightline.kernels.cuda.program.Program;
import sightline.kernels.engine.EngineException;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;

/**
 * Room for one run under way: inputs and outputs of its own on the device, pinned memory for the outputs, and a graph of the
 * network between them. Weights and activations are the session's; runs have them one after another.
 *
 * <p>Made, launched and closed on the device's thread. Readers that come after it was closed are refused by its tensors.
 */
final class Seat implements AutoCloseable {
    private final CudaDevice device;
    private final Program program;
    private final SessionMemory memory;
    private final Deque<AutoCloseable> held = new ArrayDeque<>();
    private final Arena readers = Arena.ofShared();
    private final Map<String, Tensor> outputs = new LinkedHashMap<>();
    private final DeviceMemory ports;
    private final PinnedMemory out;
    private final PinnedMemory fault;
    private final LaunchGraph network;
    /** Its inputs are there. */
    private final DeviceEvent filled;

    private final DeviceEvent begun;
    private final DeviceEvent computed;
    private final DeviceEvent copied;

    Seat(CudaDevice device, Program program, SessionMemory memory) {
        this.device = device;
        this.program = program;
        this.memory = memory;
        try {
            ports = keep(device.allocate(memory.portBytes(), "inputs and outputs of a run"));
            out = keep(new PinnedMemory(memory.outputBytes()));
            fault = keep(new PinnedMemory(4));
            network = keep(LaunchGraph.capture(
                    device.context(),
                    memory::forgetFaults,
                    memory.bind(program.steps(), ports.address()),
                    () -> memory.copyFault(fault)));
            filled = keep(new DeviceEvent(device.context()));
            begun = keep(new DeviceEvent(device.context()));
            computed = keep(new DeviceEvent(device.context()));
            copied = keep(new DeviceEvent(device.context()));
            program.outputs().forEach((name, port) -> outputs.put(name, view(port)));
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    private <T extends AutoCloseable> T keep(T resource) {
        held.push(resource);
        return resource;
    }

    private Tensor view(Program.Port port) {
        DType dtype = port.type().dtype();
        long[] shape = port.type().shape().toArray();
        return pinned(dtype) ? Tensor.view(dtype, part(port), shape) : Tensor.allocate(dtype, shape);
    }

    /** Whether a tensor of that type is the pinned memory itself, else it is converted into. */
    private static boolean pinned(DType dtype) {
        return dtype == DType.F32 || dtype == DType.I32;
    }

    @SuppressWarnings("restricted") // a view that ends with this
    private MemorySegment part(Program.Port port) {
        MemorySegment part = out.segment()
                .asSlice(memory.place(port.array().slot()), 4L * port.array().size());
        return part.reinterpret(readers, null);
    }

    /** Where a whole batch of inputs goes. */
    DeviceMemory ports() {
        return ports;
    }

    /** Where an input goes, on the device. */
    long address(Program.Port input) {
        return ports.address() + memory.place(input.array().slot());
    }

    /** On the thread that fills the inputs: they are there when the stream has come so far. */
    void filled(DeviceStream in) {
        filled.record(in);
    }

    /** The network when the inputs are there, the copy back when it is through. */
    void launch(DeviceStream back) {
        filled.holdBack(device.stream());
        begun.record(device.stream());
        network.replay();
        computed.record(device.stream());
        computed.holdBack(back);
        ports.readAsync(memory.inputBytes(), out, 0, memory.outputBytes(), back);
        copied.record(back);
    }

    /** Waits on the calling thread until the outputs are copied. */
    void await(String doing) {
        copied.await(doing);
    }

    /** Nanoseconds before the copy was through at which the inputs were there. */
    long filledBefore() {
        return copied.nanosSince(filled);
    }

    /** Nanoseconds before the copy was through at which the network was. */
    long computedBefore() {
        return copied.nanosSince(computed);
    }

    /** Nanoseconds that the network took. */
    long computing() {
        return computed.nanosSince(begun);
    }

    /** Nanoseconds that its inputs lay there before the network began with them. */
    long waiting() {
        return begun.nanosSince(filled);
    }

    /** What was copied back. */
    Map<String, Tensor> outputs(String network) {
        if (memory.faulted(fault)) {
            throw new EngineException("An index of " + network + " lies outside its axis");
        }
        outputs.forEach((name, tensor) -> {
            if (!pinned(tensor.dtype())) {
                HostArrays.load(part(program.outputs().get(name)), tensor);
            }
        });
        return outputs;
    }

    /** One that is in the midst of copying is waited for. */
    private void refuseReaders() {
        while (readers.scope().isAlive()) {
            try {
                readers.close();
            } catch (IllegalStateException reading) {
                Thread.onSpinWait();
            }
        }
    }

    @Override
    public void close() {
        refuseReaders();
        RuntimeException first = null;
        while (!held.isEmpty()) {
            try {
                held.pop().close();
            } catch (Exception failure) {
                first = first == null && failure instanceof RuntimeException why ? why : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
