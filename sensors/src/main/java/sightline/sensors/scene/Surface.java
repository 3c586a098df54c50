package sightline.sensors.scene;

/** Colours of still surfaces, by material and place: paving, asphalt, house fronts, leaves. */
final class Surface {
    private static final double TILE = 0.8;
    static final double STOREY = 3.1;
    private static final double BAY = 2.4;
    private static final int SLAB = 0xa79f94;

    private Surface() {}

    /**
     * Writes the reflectance (linear red, green, blue) to {@code out}.
     *
     * @param blur width of a pixel on the surface, metres: detail finer than that fades
     */
    static void of(Material material, double east, double north, double up, double[] normal, double blur, float[] out) {
        switch (material.kind()) {
            case GROUND -> ground(east, north, blur, out);
            case PAVING -> paving(SLAB, east, north, blur, stain(east, north), out);
            case FACADE -> facade(material.colour(), east, north, up, normal, blur, out);
            case LEAVES -> {
                double n = Grain.smooth(east * 7 + up * 3, north * 7 - up * 5, 3) * 0.6
                        + Grain.smooth(east * 19 + up * 11, north * 19 + up * 7, 4) * 0.4;
                paint(material.colour(), 0.45 + 0.9 * n, out);
            }
            case WATER -> paint(material.colour(), 0.75 + 0.5 * Grain.smooth(east * 5, north * 5, 9), out);
            case WOOD -> paint(material.colour(), 0.8 + 0.4 * Grain.smooth(east * 2, up * 30 + north * 9, 5), out);
            case STONE -> paint(material.colour(), 0.85 + 0.3 * Grain.smooth(east * 6, north * 6 + up * 6, 6), out);
            case METAL, GLOW -> paint(material.colour(), 1, out);
        }
    }

    private static void paint(int colour, double factor, float[] out) {
        out[0] = (float) (Tone.red(colour) * factor);
        out[1] = (float) (Tone.green(colour) * factor);
        out[2] = (float) (Tone.blue(colour) * factor);
    }

    private static void ground(double east, double north, double blur, float[] out) {
        double stain = stain(east, north);
        if (north < Layout.KERB_NORTH && north > Layout.ROAD_FAR_NORTH) {
            road(east, north, blur, stain, out);
        } else if (Math.abs(north - Layout.LANE_NORTH) < 1.6 && Math.abs(east) < 40) {
            double grit = 0.9 + 0.2 * Grain.smooth(east * 9, north * 9, 2) * fade(blur, 0.2);
            paint(0x77716a, stain * grit, out);
            if (Math.abs(Math.abs(north - Layout.LANE_NORTH) - 1.5) < 0.05 + 0.3 * blur) {
                paint(0xb5b0a4, stain, out);
            }
        } else if (Math.abs(east) < 40 && north >= Layout.KERB_NORTH) {
            boolean border = Math.abs(Math.hypot(east, north) - 8.5) < 0.45;
            paving(border ? 0x9a8272 : SLAB, east, north, blur, stain, out);
        } else {
            double grass = 0.7 + 0.6 * Grain.smooth(east * 3, north * 3, 8) * fade(blur, 0.5);
            paint(0x66794a, grass * stain, out);
        }
    }

    private static void road(double east, double north, double blur, double stain, float[] out) {
        double grit = 0.92 + 0.16 * Grain.smooth(east * 11, north * 11, 2) * fade(blur, 0.15);
        paint(0x55565a, stain * grit, out);
        double middle = 0.5 * (Layout.ROAD_LANES[0] + Layout.ROAD_LANES[1]);
        boolean dash =
                Math.abs(north - middle) < 0.08 + 0.3 * blur && Math.floorMod((int) Math.floor(east / 3), 2) == 0;
        boolean edge = Math.abs(north - Layout.KERB_NORTH + 0.4) < 0.06 + 0.3 * blur
                || Math.abs(north - Layout.ROAD_FAR_NORTH - 0.4) < 0.06 + 0.3 * blur;
        if (dash || edge) {
            paint(0xd6d3c8, stain, out);
        }
        if (north > Layout.KERB_NORTH - 0.16) {
            paint(0xa9a59b, stain, out);
        }
    }

    private static double stain(double east, double north) {
        return 0.86 + 0.28 * Grain.smooth(east * 0.35, north * 0.35, 1);
    }

    private static void paving(int colour, double east, double north, double blur, double stain, float[] out) {
        double row = Math.floor(north / TILE);
        double shifted = east / TILE + (Math.floorMod((int) row, 2) == 0 ? 0 : 0.5);
        int column = (int) Math.floor(shifted);
        double tone = 0.93 + 0.14 * Grain.cell(column, (int) row, 7);
        double speck = 0.97 + 0.06 * Grain.smooth(east * 22, north * 22, 2);
        double detail = fade(blur, 0.5);
        double fe = (shifted - column) * TILE;
        double fn = north - row * TILE;
        double joint = Math.min(Math.min(fe, TILE - fe), Math.min(fn, TILE - fn));
        double groove = joint < 0.012 + 0.35 * blur ? 0.72 + 0.28 * Math.min(1, blur * 12) : 1;
        paint(colour, stain * (1 + detail * (tone * speck * groove - 1)), out);
    }

    private static double fade(double blur, double detail) {
        return Math.clamp(1.5 - blur / detail, 0, 1);
    }

    private static void facade(
            int colour, double east, double north, double up, double[] normal, double blur, float[] out) {
        double stain = 0.9 + 0.2 * Grain.smooth(east * 0.5 + north * 0.5, up * 0.4, 11);
        if (normal[2] > 0.5) {
            paint(0x6d5a50, stain, out);
            return;
        }
        double along = Math.abs(normal[1]) > Math.abs(normal[0]) ? east : north;
        int bay = (int) Math.floor(along / BAY);
        int storey = (int) Math.floor(up / STOREY);
        double x = along - bay * BAY;
        double z = up - storey * STOREY;
        paint(colour, stain, out);
        if (up < 0.5) {
            paint(0x7a746c, stain, out);
            return;
        }
        boolean shop = storey == 0;
        boolean door = shop && Math.floorMod(bay, 3) == 1 && x > 0.6 && x < 1.8 && z < 2.3;
        boolean window =
                shop ? !door && x > 0.25 && x < 2.15 && z > 0.7 && z < 2.4 : x > 0.7 && x < 1.75 && z > 0.9 && z < 2.5;
        boolean frame = !shop && x > 0.6 && x < 1.85 && z > 0.78 && z < 2.6;
        if (door) {
            paint(0x4a3526, stain, out);
        } else if (window) {
            double glass = 0.5 + 0.9 * Grain.cell(bay, storey, 12) + 0.25 * z / STOREY;
            paint(shop ? 0x4c565c : 0x3f4c58, glass, out);
        } else if (frame) {
            paint(0xd8d4ca, stain, out);
        } else if (shop && z > 2.5 && z < 2.95) {
            paint(Grain.cell(bay / 3, 1, 13) > 0.5 ? 0x7c2d2a : 0x2d4a5c, stain, out);
        }
        if (z < 0.12 && storey > 0) {
            paint(0xb9b2a6, stain * (0.9 + 0.1 * Math.min(1, blur)), out);
        }
    }
}
