/** The last minutes at a glance: a mark for each event, possible ones faint; a click leads to it. */
import { h } from '../dom.js';
import { store, on } from '../store.js';
import { clock } from '../format.js';

const MINUTES = 10;
const TALL = new Set(['FALL', 'NEAR_MISS', 'SENSOR_FAULT', 'CROWDING']);

export class TimeStrip {
  #marks = h('div', { class: 'marks' });
  #ended;
  #timer;

  constructor(matches) {
    this.matches = matches;
    this.element = h(
      'nav',
      { class: 'timestrip', 'aria-label': `Events of the last ${MINUTES} minutes` },
      this.#marks,
      h('div', { class: 'scale', 'aria-hidden': 'true' }, h('span', {}, `${MINUTES} min ago`), h('span', {}, 'now')),
    );
    this.show();
    this.#ended = on(['event', 'events'], () => this.show());
    this.#timer = setInterval(() => this.show(), 5000);
  }

  close() {
    this.#ended();
    clearInterval(this.#timer);
  }

  show() {
    const now = store.link.now();
    const span = MINUTES * 60_000;
    const marks = store.events
      .filter((event) => now - event.time < span && this.matches(event))
      .map((event) => {
        const mark = h('a', {
          href: `#/events/${encodeURIComponent(event.id)}`,
          title: `${clock(event.time)} ${event.text}`,
          'aria-label': `${clock(event.time)} ${event.text}`,
          tabindex: -1,
          data: { kind: event.kind, necessary: event.necessary ? 'yes' : 'no', tall: TALL.has(event.kind) ? 'yes' : 'no' },
        });
        mark.style.left = `${Math.min(99.6, Math.max(0, 100 - ((now - event.time) / span) * 100))}%`;
        return mark;
      });
    this.#marks.replaceChildren(...marks);
  }
}
