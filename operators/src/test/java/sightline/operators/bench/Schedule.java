package sightline.operators.bench;

/**
 * When cameras of {@link CameraLedger#RATE} pictures a second expose: evenly spread, at times that are fixed beforehand however
 * late anything is.
 *
 * @param seconds that count
 * @param warmUp seconds before them
 */
record Schedule(int cameras, int seconds, int warmUp) {
    /** What compiled code needs to settle again. */
    static final int WARM_UP = 3;
    /** What a process needs whose code was never run. */
    static final int COLD = 8;

    private static final long PERIOD = 1_000_000_000L / CameraLedger.RATE;

    /** Of so many cameras, {@code 50@60} for sixty seconds. */
    static Schedule of(String count, int seconds, int warmUp) {
        String[] parts = count.split("@");
        return new Schedule(
                Integer.parseInt(parts[0]), parts.length > 1 ? Integer.parseInt(parts[1]) : seconds, warmUp);
    }

    /** What happens at an exposure; on the playing thread. */
    interface Exposure {
        void made(int camera, int number, long planned, boolean counted);
    }

    /** Of each camera. */
    int exposures() {
        return CameraLedger.RATE * (seconds + warmUp);
    }

    void play(Exposure exposure) {
        long begin = System.nanoTime();
        for (int number = 0; number < exposures(); number++) {
            for (int camera = 0; camera < cameras; camera++) {
                long planned = begin + number * PERIOD + camera * PERIOD / cameras;
                while (System.nanoTime() < planned) {
                    Thread.onSpinWait();
                }
                exposure.made(camera, number, planned, number >= CameraLedger.RATE * warmUp);
            }
        }
    }
}
