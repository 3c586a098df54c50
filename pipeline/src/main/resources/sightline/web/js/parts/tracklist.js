/** All fused tracks as a list: the map for whoever uses a keyboard or a screen reader. */
import { h, text } from '../dom.js';
import { store, on } from '../store.js';
import { shortId } from '../format.js';
import { ignorance } from '../colour.js';

const EVERY = 300;

export class TrackList {
  #rows = new Map();
  #body = h('tbody');
  #title = h('h2', {}, 'Tracks');
  #ended;
  #last = 0;
  #chosen = null;
  #pick;

  constructor(pick) {
    this.#pick = pick;
    this.element = h(
      'section',
      { class: 'card tracks', 'aria-label': 'Tracks' },
      h('header', {}, this.#title),
      h(
        'div',
        { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'List of tracks' },
        h(
          'table',
          {},
          h('thead', {}, h('tr', {}, h('th', {}, 'Track'), h('th', {}, 'Class'), h('th', { class: 'num' }, 'Speed'), h('th', { class: 'num', title: 'what is not known of its existence' }, 'Unknown'))),
          this.#body,
        ),
      ),
    );
    this.#ended = on(['tick', 'theme'], () => this.#update());
    this.#update();
  }

  set chosen(id) {
    this.#chosen = id;
    this.#last = 0;
    this.#update();
  }

  close() {
    this.#ended();
  }

  #update() {
    const now = performance.now();
    if (now - this.#last < EVERY) return;
    this.#last = now;
    text(this.#title, store.tracks.size === 1 ? '1 track' : `${store.tracks.size} tracks`);
    for (const [id, row] of this.#rows) {
      if (!store.tracks.has(id)) {
        row.element.remove();
        this.#rows.delete(id);
      }
    }
    for (const id of [...store.tracks.keys()].sort()) {
      const track = store.tracks.get(id);
      const row = this.#rows.get(id) ?? this.#add(id);
      const unknown = Math.min(track.p, track.a);
      row.dot.style.background = ignorance(unknown);
      text(row.kind, track.k || '–');
      text(row.speed, `${Math.hypot(track.ve, track.vn).toFixed(1)} m/s`);
      text(row.unknown, unknown.toFixed(2));
      row.element.toggleAttribute('data-chosen', id === this.#chosen);
    }
  }

  #add(id) {
    const row = { dot: h('i', { class: 'dot' }), kind: h('td'), speed: h('td', { class: 'num' }), unknown: h('td', { class: 'num' }) };
    const button = h('button', { class: 'pick', type: 'button', onclick: () => this.#pick(id) }, row.dot, shortId(id));
    row.element = h('tr', {}, h('td', {}, button), row.kind, row.speed, row.unknown);
    this.#rows.set(id, row);
    this.#body.append(row.element);
    return row;
  }
}
