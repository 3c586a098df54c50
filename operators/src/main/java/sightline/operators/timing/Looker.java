package sightline.operators.timing;

import sightline.config.domain.Frame;

/** Something that looks at one picture after the other, pre- and post-processing included. */
interface Looker extends AutoCloseable {
    void look(Frame frame);

    @Override
    void close();
}
