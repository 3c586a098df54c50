package sightline.kernels.tensor;

/**
 * Conversions of the narrow floating types, round to nearest even. The 8-bit types saturate instead of overflowing (the
 * meaning COAT and the ONNX cast share): E4M3 has no infinity and ends at 448, E5M2 ends at 57344.
 */
public final class SmallFloats {
    private static final float[] E4M3 = table(4, 3);
    private static final float[] E5M2 = table(5, 2);

    private SmallFloats() {}

    /** Upper half of a float32. */
    public static float fromBf16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /** Nearest bfloat16, ties to even; NaN stays NaN. */
    public static short toBf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 0x40);
        }
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }

    public static float fromE4M3(byte bits) {
        return E4M3[bits & 0xff];
    }

    public static float fromE5M2(byte bits) {
        return E5M2[bits & 0xff];
    }

    public static byte toE4M3(float value) {
        return narrow(value, E4M3, 0x7e, 0x7f);
    }

    public static byte toE5M2(float value) {
        return narrow(value, E5M2, 0x7b, 0x7f);
    }

    /** Codes of one sign are ordered like their values, so the nearest is found by bisection; an even code wins a tie. */
    private static byte narrow(float value, float[] table, int largest, int nan) {
        int sign = Float.floatToRawIntBits(value) < 0 ? 0x80 : 0;
        if (Float.isNaN(value)) {
            return (byte) (sign | nan);
        }
        float magnitude = Math.abs(value);
        if (magnitude >= table[largest]) {
            return (byte) (sign | largest);
        }
        int low = 0;
        int high = largest;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (table[middle] <= magnitude) {
                low = middle;
            } else {
                high = middle;
            }
        }
        // Both distances are exact in double.
        double below = (double) magnitude - table[low];
        double above = (double) table[high] - magnitude;
        int code = below < above || (below == above && (low & 1) == 0) ? low : high;
        return (byte) (sign | code);
    }

    private static float[] table(int exponentBits, int mantissaBits) {
        float[] values = new float[256];
        int bias = (1 << (exponentBits - 1)) - 1;
        int topExponent = (1 << exponentBits) - 1;
        for (int code = 0; code < 256; code++) {
            int exponent = (code & 0x7f) >>> mantissaBits;
            int mantissa = code & ((1 << mantissaBits) - 1);
            double fraction = mantissa / (double) (1 << mantissaBits);
            double value = exponent == 0 ? Math.scalb(fraction, 1 - bias) : Math.scalb(1 + fraction, exponent - bias);
            boolean ieee = mantissaBits == 2;
            if (ieee && exponent == topExponent) {
                value = mantissa == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
            } else if (!ieee && (code & 0x7f) == 0x7f) {
                value = Double.NaN;
            }
            values[code] = (float) ((code & 0x80) == 0 ? value : -value);
        }
        return values;
    }
}
