package sightline.sensors.scene;

/** What a surface is made of; {@link Surface} gives it its colour at a place. */
record Material(Kind kind, int colour) {
    enum Kind {
        GROUND,
        PAVING,
        FACADE,
        STONE,
        WATER,
        LEAVES,
        WOOD,
        METAL,
        GLOW
    }
}
