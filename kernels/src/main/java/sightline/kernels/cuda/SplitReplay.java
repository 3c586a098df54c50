package sightline.kernels.cuda;

import java.util.List;
import java.util.Set;
import sightline.kernels.cuda.driver.LaunchGraph;
import sightline.kernels.cuda.program.Launch;
import sightline.kernels.cuda.program.Program;
import sightline.kernels.cuda.program.Slot;
import sightline.kernels.cuda.program.Step;

/**
 * A program captured in two halves: the second begins with the first launch that reads a late input. Ports lie in the
 * order in which their nodes were lowered, so what belongs to a half is one piece of the inputs and one of the outputs.
 *
 * @param late names of the late inputs
 * @param first copies in what is not late, and out what it made
 * @param filled the same without copying inputs
 * @param second copies in what is late, and out the rest
 */
record SplitReplay(Set<String> late, LaunchGraph first, LaunchGraph filled, LaunchGraph second)
        implements AutoCloseable {
    static SplitReplay capture(CudaDevice device, Program program, SessionMemory memory, Set<String> late) {
        List<Slot> lateSlots = late.stream()
                .map(name -> program.inputs().get(name).array().slot())
                .toList();
        int cut = 0;
        while (cut < program.steps().size()
                && program.steps().get(cut).slots().stream().noneMatch(lateSlots::contains)) {
            cut++;
        }
        List<Step> rest = program.steps().subList(cut, program.steps().size());
        long in = lateSlots.stream().mapToLong(memory::place).min().orElse(memory.inputBytes());
        long out = program.outputs().values().stream()
                .map(port -> port.array().slot())
                .filter(slot -> rest.stream().anyMatch(step -> step.slots().contains(slot)))
                .filter(slot -> program.steps().subList(0, program.steps().size() - rest.size()).stream()
                        .noneMatch(step -> step.slots().contains(slot)))
                .mapToLong(memory::place)
                .min()
                .orElse(memory.outputBytes());
        List<Launch> early = memory.bind(program.steps().subList(0, cut));
        LaunchGraph first = LaunchGraph.capture(
                device.context(),
                () -> {
                    memory.copyIn(0, in);
                    memory.forgetFaults();
                },
                early,
                () -> memory.copyOut(0, out));
        LaunchGraph filled =
                LaunchGraph.capture(device.context(), memory::forgetFaults, early, () -> memory.copyOut(0, out));
        LaunchGraph second = LaunchGraph.capture(
                device.context(), () -> memory.copyIn(in, memory.inputBytes()), memory.bind(rest), () -> {
                    memory.copyOut(out, memory.outputBytes());
                    memory.copyFault();
                });
        return new SplitReplay(Set.copyOf(late), first, filled, second);
    }

    @Override
    public void close() {
        first.close();
        filled.close();
        second.close();
    }
}
