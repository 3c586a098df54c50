package sightline.kernels.cuda.driver;

/**
 * What the probe found, with one sentence for people.
 *
 * @param state whether the engine can serve
 * @param sentence the reason, complete, ready for a log line
 * @param driverVersion the CUDA version that the driver implements as 1000 major + 10 minor, 0 where unknown
 * @param devices how many devices there are, 0 where unknown
 */
public record DriverStatus(State state, String sentence, int driverVersion, int devices) {
    /** Everything that can be wrong before a context exists. */
    public enum State {
        READY,
        NO_DRIVER,
        NO_DEVICE,
        DRIVER_TOO_OLD,
        DRIVER_FAILED,
        NO_KERNELS
    }

    /** Whether an engine can run. */
    public boolean ready() {
        return state == State.READY;
    }
}
