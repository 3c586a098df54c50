package sightline.sensors.decode;

/** No memory is left for another picture: those who hold pictures must release some first. */
public final class PixelPoolExhaustedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PixelPoolExhaustedException(long wanted, long used, long limit) {
        super("a picture of " + wanted + " bytes does not fit: " + used + " of " + limit + " bytes are in use");
    }
}
