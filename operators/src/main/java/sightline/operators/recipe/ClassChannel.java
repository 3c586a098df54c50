package sightline.operators.recipe;

import sightline.config.domain.ObjectClass;

/** Which channel of the detection head a class has: its place in {@link ObjectClass}, which only ever grows at the end. */
final class ClassChannel {
    private ClassChannel() {}

    @SuppressWarnings("EnumOrdinal")
    static int of(ObjectClass label) {
        return label.ordinal();
    }
}
