package sightline.pipeline.topology;

/** A camera that somebody else writes to Kafka. */
record Elsewhere(String camera) implements Stage {
    @Override
    public String name() {
        return "camera " + camera;
    }

    @Override
    public String trouble() {
        return "";
    }

    @Override
    public void close() {}
}
