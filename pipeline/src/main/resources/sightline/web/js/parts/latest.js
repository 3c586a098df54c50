/** The newest events, and the newest pictures made of events, beside what is live. */
import { h } from '../dom.js';
import { store, on } from '../store.js';
import { blobUrl } from '../api.js';
import { originBadge } from './badge.js';
import { eventRow } from './eventrow.js';

const EVENTS = 4;
const PICTURES = 4;

export class Latest {
  #list = h('ol', { class: 'latest-events' });
  #strip = h('div', { class: 'strip', role: 'list', 'aria-label': 'Newest pictures, all of them synthetic' });
  #end;

  constructor() {
    this.element = h(
      'section',
      { class: 'card latest', 'aria-label': 'Latest events' },
      h('header', {}, h('h2', {}, 'Latest events'), h('a', { class: 'link', href: '#/events' }, 'All events')),
      this.#list,
      this.#strip,
    );
    this.#show();
    this.#end = on(['event', 'events', 'depiction', 'depictions'], () => this.#show());
  }

  close() {
    this.#end();
  }

  #show() {
    const events = store.events.slice(-EVENTS).reverse();
    this.#list.replaceChildren(
      ...(events.length ? events.map((event) => h('li', {}, eventRow(event))) : [h('li', { class: 'muted none' }, 'Nothing has happened yet.')]),
    );
    const made = [...store.depictions.values()].filter((d) => d.image && d.progress >= 1).slice(-PICTURES).reverse();
    this.#strip.hidden = made.length === 0;
    const wanted = made.map((d) => d.image).join();
    if (this.#strip.dataset.shown === wanted) return;
    this.#strip.dataset.shown = wanted;
    this.#strip.replaceChildren(
      ...made.map((d) =>
        h(
          'a',
          { role: 'listitem', href: `#/events/${encodeURIComponent(d.event)}` },
          h('img', { src: blobUrl(d.image), alt: 'Synthetic picture of an event', loading: 'lazy' }),
          originBadge(d.origin),
        ),
      ),
    );
  }
}
