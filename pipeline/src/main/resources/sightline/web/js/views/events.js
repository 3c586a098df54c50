/** Events: a timeline, and for the chosen one its evidence, its receipt and its depiction. */
import { h } from '../dom.js';
import { store, on } from '../store.js';
import { clock, words } from '../format.js';
import { toggle } from '../parts/badge.js';
import { eventDetail } from '../parts/eventdetail.js';
import { eventRow } from '../parts/eventrow.js';
import { KINDS } from '../parts/kinds.js';
import { TimeStrip } from '../parts/timestrip.js';

export const channels = ['tick', 'status', 'system'];

const WIDE = matchMedia('(min-width: 1081px)');
const filter = { kind: '', possible: true, words: '' };

export function open(root, [wanted]) {
  const list = h('ol', { class: 'timeline', 'aria-label': 'Events, newest first' });
  const detail = h('section', { class: 'card detail', 'aria-label': 'Event', tabindex: -1 });
  let chosen = wanted ?? null;
  let shown = null;
  let end = () => {};

  const kind = h('select', { 'aria-label': 'Kind of event', onchange: () => ((filter.kind = kind.value), show()) }, h('option', { value: '' }, 'Every kind'), Object.keys(KINDS).map((k) => h('option', { value: k }, words(k))));
  kind.value = filter.kind;
  const search = h('input', { type: 'search', placeholder: 'Zone, track, rule', 'aria-label': 'Search events', oninput: () => ((filter.words = search.value.toLowerCase()), show()) });
  search.value = filter.words;

  const matches = (event) =>
    (!filter.kind || event.kind === filter.kind) &&
    (filter.possible || event.necessary) &&
    (!filter.words || `${event.text} ${event.rule} ${event.zone} ${event.tracks.map((t) => t.id).join(' ')}`.toLowerCase().includes(filter.words));

  const strip = new TimeStrip(matches);

  function show() {
    strip.show();
    const events = store.events.filter(matches).reverse();
    if (events.length === 0) {
      list.replaceChildren(h('li', { class: 'empty' }, store.events.length ? 'No event matches.' : 'Nothing has happened yet. Rules raise events here as soon as they see one.'));
      return;
    }
    const rows = [];
    let minute = '';
    for (const event of events) {
      const now = clock(event.time).slice(0, 5);
      if (now !== minute) rows.push(h('li', { class: 'minute' }, (minute = now)));
      rows.push(h('li', {}, eventRow(event, event.id === chosen)));
    }
    list.replaceChildren(...rows);
  }

  function showDetail() {
    end();
    // Where there is room for both, the newest event is shown until another is chosen.
    const event = chosen ? store.events.find((e) => e.id === chosen) : WIDE.matches && store.events.at(-1);
    if (!event) {
      detail.replaceChildren(h('div', { class: 'empty' }, chosen ? 'This event is not kept any more.' : 'Choose an event to see its evidence and its receipt.'));
      end = () => {};
      return;
    }
    shown = event.id;
    const [element, close] = eventDetail(event, Boolean(chosen));
    detail.replaceChildren(...element);
    end = close;
  }

  root.append(
    h(
      'div',
      { class: 'events-view', data: { chosen: chosen ? 'yes' : 'no' } },
      h(
        'section',
        { class: 'list-pane', 'aria-label': 'Timeline' },
        h('div', { class: 'pane-bar' }, h('h1', {}, 'Events'), h('div', { class: 'filters' }, search, kind, toggle('Possible ones', filter.possible, (now) => ((filter.possible = now), show())))),
        strip.element,
        list,
      ),
      detail,
    ),
  );
  show();
  showDetail();
  const ended = [
    on(['event', 'events'], () => {
      show();
      if (detail.querySelector('.empty')) showDetail();
    }),
    on(['depiction', 'depictions'], (m) => (m.t === 'depictions' || m.event === shown) && showDetail()),
  ];
  return () => {
    end();
    strip.close();
    ended.forEach((e) => e());
  };
}
