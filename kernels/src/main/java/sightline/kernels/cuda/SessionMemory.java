package sightline.kernels.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sightline.kernels.cuda.driver.CudaFailure;
import sightline.kernels.cuda.driver.DeviceMemory;
import sightline.kernels.cuda.driver.PinnedMemory;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.CopyEngine;
import sightline.kernels.cuda.program.HostArrays;
import sightline.kernels.cuda.program.Launch;
import sightline.kernels.cuda.program.MemoryPlan;
import sightline.kernels.cuda.program.Program;
import sightline.kernels.cuda.program.Slot;
import sightline.kernels.cuda.program.Step;
import sightline.kernels.tensor.Tensor;

/**
 * All memory of one session: lasting constants and states, the arena, and pinned ports. Taken and released on the
 * device's thread; the pinned ports are also read and written by the session's caller. What lies on the device can be given
 * up meanwhile, with states kept on the host: constants are made again from what they were made of.
 */
final class SessionMemory implements AutoCloseable {
    private static final long STAGE = 16 << 20;

    private final CudaDevice device;
    private final Program program;
    private final MemoryPlan plan;
    private final Deque<AutoCloseable> held = new ArrayDeque<>();
    private Map<Slot, MemorySegment> saved = Map.of();
    private DeviceMemory lasting;
    private DeviceMemory arena;
    private PinnedMemory in;
    private PinnedMemory out;
    private PinnedMemory fault;

    private SessionMemory(CudaDevice device, Program program) {
        this.device = device;
        this.program = program;
        this.plan = MemoryPlan.of(program);
    }

    static SessionMemory open(CudaDevice device, Program program) {
        SessionMemory memory = new SessionMemory(device, program);
        try {
            memory.take();
            return memory;
        } catch (RuntimeException failure) {
            memory.close();
            throw failure;
        }
    }

    private <T extends AutoCloseable> T keep(T resource) {
        held.push(resource);
        return resource;
    }

    private void take() {
        takeDevice();
        in = keep(new PinnedMemory(plan.inputBytes()));
        out = keep(new PinnedMemory(plan.outputBytes()));
        fault = keep(new PinnedMemory(4));
    }

    private void takeDevice() {
        lasting = keep(device.allocateMakingRoom(plan.lastingBytes(), "weights"));
        arena = keep(device.allocateMakingRoom(plan.arenaBytes(), "activations"));
        // Reading what no kernel wrote gives NaN, not luck.
        arena.fillAsync(0, 0xff, arena.bytes());
        zeroStates();
        upload();
        bind(program.once()).forEach(device::issue);
        device.synchronize("preparing constants");
    }

    /** Makes what follows from states again; for who wrote them. */
    void statesWritten() {
        List<Step> following = program.once().stream()
                .filter(step -> step.slots().stream().anyMatch(slot -> slot.kind() == Slot.Kind.STATE))
                .toList();
        bind(following).forEach(device::issue);
        device.synchronize("following states");
    }

    /** Whether it has its memory on the device. */
    boolean resident() {
        return lasting != null;
    }

    /** Gives the memory on the device up until {@link #restore}. */
    void evict() {
        saved = states();
        giveUp();
    }

    /** Takes it again; where there is no room, nothing is taken. */
    void restore() {
        try {
            takeDevice();
            writeStates(saved);
            saved = Map.of();
        } catch (RuntimeException failure) {
            giveUp();
            throw failure;
        }
    }

    private void giveUp() {
        for (DeviceMemory memory : new DeviceMemory[] {arena, lasting}) {
            if (memory != null) {
                held.remove(memory);
                memory.close();
            }
        }
        arena = null;
        lasting = null;
    }

    private Map<Slot, MemorySegment> states() {
        Map<Slot, MemorySegment> copies = new LinkedHashMap<>();
        for (Slot slot : program.slots()) {
            if (slot.kind() == Slot.Kind.STATE) {
                MemorySegment copy = Arena.ofAuto().allocate(slot.bytes());
                try (PinnedMemory stage = new PinnedMemory(slot.bytes())) {
                    lasting.readAsync(plan.offset(slot), stage, 0, slot.bytes());
                    device.synchronize("saving states");
                    MemorySegment.copy(stage.segment(), 0, copy, 0, slot.bytes());
                }
                copies.put(slot, copy);
            }
        }
        return copies;
    }

    private void upload() {
        try (PinnedMemory stage = new PinnedMemory(STAGE)) {
            for (Slot slot : program.slots()) {
                if (slot.content() != null) {
                    upload(slot, slot.content(), stage);
                }
            }
        }
    }

    private void upload(Slot slot, MemorySegment content, PinnedMemory stage) {
        for (long at = 0; at < content.byteSize(); at += STAGE) {
            long count = Math.min(STAGE, content.byteSize() - at);
            MemorySegment.copy(content, at, stage.segment(), 0, count);
            lasting.writeAsync(plan.offset(slot) + at, stage, 0, count);
            device.synchronize("copying weights");
        }
    }

    List<Launch> bind(List<Step> steps) {
        return bind(steps, arena.address());
    }

    /** The same with inputs and outputs elsewhere: one behind the other in {@link #portBytes} bytes. */
    List<Launch> bind(List<Step> steps, long ports) {
        long constants = lasting.address();
        long activations = arena.address();
        CopyEngine copyEngine = device.facts().copyEngine();
        return device.compiled(steps.stream()
                .map(step -> step.bind(
                        slot -> plan.offset(slot) + (slot.lasting() ? constants : slot.port() ? ports : activations),
                        copyEngine))
                .toList());
    }

    /** Bytes of all inputs and outputs. */
    long portBytes() {
        return plan.inputBytes() + plan.outputBytes();
    }

    void copyIn() {
        copyIn(0, plan.inputBytes());
        forgetFaults();
    }

    /** A part of the inputs. */
    void copyIn(long from, long to) {
        if (to > from) {
            arena.writeAsync(from, in, from, to - from);
        }
    }

    void forgetFaults() {
        if (program.fault() != null) {
            lasting.fillAsync(plan.offset(program.fault()), 0, 4);
        }
    }

    /** A part of the outputs. */
    void copyOut(long from, long to) {
        if (to > from) {
            arena.readAsync(plan.inputBytes() + from, out, from, to - from);
        }
    }

    long inputBytes() {
        return plan.inputBytes();
    }

    long outputBytes() {
        return plan.outputBytes();
    }

    /** Where an input's bytes lie among the inputs', or an output's among the outputs'. */
    long place(Slot port) {
        return plan.offset(port) - (port.kind() == Slot.Kind.OUTPUT ? plan.inputBytes() : 0);
    }

    void copyOut() {
        copyOut(0, plan.outputBytes());
        copyFault();
    }

    void copyFault() {
        copyFault(fault);
    }

    void copyFault(PinnedMemory to) {
        if (program.fault() != null) {
            lasting.readAsync(plan.offset(program.fault()), to, 0, 4);
        }
    }

    boolean faulted() {
        return faulted(fault);
    }

    boolean faulted(PinnedMemory copy) {
        return program.fault() != null && copy.segment().get(java.lang.foreign.ValueLayout.JAVA_INT, 0) != 0;
    }

    MemorySegment input(Array32 array) {
        return in.segment().asSlice(plan.offset(array.slot()), 4L * array.size());
    }

    /** Where an input lies on the device; a run may overwrite it once it was used. */
    long address(Array32 input) {
        return arena.address() + plan.offset(input.slot());
    }

    MemorySegment output(Array32 array) {
        return out.segment().asSlice(plan.offset(array.slot()) - plan.inputBytes(), 4L * array.size());
    }

    void readState(Array32 array, Tensor copy) {
        try (PinnedMemory stage = new PinnedMemory(array.slot().bytes())) {
            lasting.readAsync(plan.offset(array.slot()), stage, 0, array.slot().bytes());
            device.synchronize("reading a state");
            HostArrays.load(stage.segment(), copy);
        }
    }

    /** A state's memory, from another device perhaps. */
    void copyState(Slot slot, SessionMemory from, Slot same) {
        PeerCopy.between(
                from.device, from.lasting, from.plan.offset(same), device, lasting, plan.offset(slot), slot.bytes());
    }

    void writeStates(Map<Slot, MemorySegment> contents) {
        try (PinnedMemory stage = new PinnedMemory(STAGE)) {
            contents.forEach((slot, content) -> upload(slot, content, stage));
        }
    }

    void zeroStates() {
        for (Slot slot : program.slots()) {
            if (slot.kind() == Slot.Kind.STATE) {
                lasting.fillAsync(plan.offset(slot), 0, slot.bytes());
            }
        }
        device.synchronize("clearing states");
    }

    long deviceBytes() {
        return resident() ? lasting.bytes() + arena.bytes() : 0;
    }

    @Override
    public void close() {
        while (!held.isEmpty()) {
            try {
                held.pop().close();
            } catch (CudaFailure lost) {
                if (lost.kind() != CudaFailure.Kind.STICKY) {
                    throw lost;
                }
            } catch (Exception impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
