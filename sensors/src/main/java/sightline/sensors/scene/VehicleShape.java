package sightline.sensors.scene;

import java.util.SplittableRandom;
import sightline.config.domain.ObjectClass;

/**
 * Size and colour of a vehicle: a body and, for what is not a box on wheels, a narrower cabin on top.
 *
 * @param label its class
 * @param length metres
 * @param width metres
 * @param height metres, overall
 * @param deck height of the body's upper edge below the windows, metres
 * @param cabinFrom where the cabin begins behind the middle, metres along the heading (negative is rear)
 * @param cabinTo where the cabin ends in front of the middle, metres
 * @param slope how far the cabin's ends lean inwards, metres
 * @param colour body, 0xRRGGBB
 */
public record VehicleShape(
        ObjectClass label,
        double length,
        double width,
        double height,
        double deck,
        double cabinFrom,
        double cabinTo,
        double slope,
        int colour) {
    private static final int[] PAINT = {
        0xf2f2f0, 0x1c1d20, 0x8f9499, 0xb9bcc0, 0x54585d, 0x8a1a1c, 0x1d3f7a, 0x24523a, 0xc8a951, 0x5e2f1d, 0x2f6f9f
    };

    /** A vehicle of which class and size are known: a box for those that are, a cabin on a body for the others. */
    public static VehicleShape plain(ObjectClass label, double length, double width, double height, int colour) {
        boolean box = label == ObjectClass.BUS || label == ObjectClass.TRUCK;
        return new VehicleShape(
                label,
                length,
                width,
                height,
                box ? 0.4 * height : 0.6 * height,
                box ? -0.49 * length : -0.4 * length,
                box ? 0.46 * length : 0.2 * length,
                box ? 0.1 : 0.42,
                colour);
    }

    static VehicleShape of(ObjectClass label, SplittableRandom random) {
        int colour = PAINT[random.nextInt(PAINT.length)];
        return switch (label) {
            case BUS ->
                new VehicleShape(label, 11.2, 2.5, 3.1, 1.1, -5.5, 5.5, 0.12, random.nextBoolean() ? 0xd8b400 : colour);
            case TRUCK -> {
                double length = 5.8 + random.nextDouble(1.4);
                yield new VehicleShape(
                        label,
                        length,
                        2.1,
                        2.6 + random.nextDouble(0.4),
                        1.15,
                        -0.5 * length + 0.05,
                        0.5 * length - 0.55,
                        0.1,
                        random.nextBoolean() ? 0xeeeeea : colour);
            }
            default -> {
                double length = 4.1 + random.nextDouble(0.6);
                boolean estate = random.nextBoolean();
                yield new VehicleShape(
                        ObjectClass.CAR,
                        length,
                        1.74 + random.nextDouble(0.12),
                        1.43 + random.nextDouble(0.18),
                        0.88 + random.nextDouble(0.06),
                        estate ? -0.48 * length : -0.36 * length,
                        0.2 * length,
                        0.42,
                        colour);
            }
        };
    }
}
