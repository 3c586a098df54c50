/** One event as a line of a list, which leads to the event itself. */
import { h, icon } from '../dom.js';
import { clock, words } from '../format.js';
import { originBadge } from './badge.js';
import { KINDS } from './kinds.js';

export function eventRow(event, here = false) {
  return h(
    'a',
    { class: 'event', href: `#/events/${encodeURIComponent(event.id)}`, 'aria-current': here ? 'true' : null, data: { kind: event.kind, necessary: event.necessary ? 'yes' : 'no' } },
    h('span', { class: 'glyph' }, icon(...(KINDS[event.kind] ?? []))),
    h('span', { class: 'what' }, h('b', {}, event.text), h('small', {}, words(event.kind), ' · ', event.rule)),
    h('span', { class: 'marks' }, originBadge(event.origin), event.necessary ? '' : h('span', { class: 'badge', data: { tone: 'warm' } }, 'possible')),
    h('time', { class: 'mono' }, clock(event.time)),
  );
}
