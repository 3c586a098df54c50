/** One event in full: what, how sure, where, the frames kept of it, the receipt of each track, and a picture of it. */
import { h } from '../dom.js';
import { store } from '../store.js';
import { blobUrl } from '../api.js';
import { clock, shortId, words } from '../format.js';
import { GroundMap } from '../map/map.js';
import { drawTrack } from '../map/movers.js';
import { originBadge } from './badge.js';
import { credence } from './credence.js';
import { depictionSlot } from './depiction.js';
import { receipt } from './receipt.js';

/** Elements, and what must be called when they go; `opened` says that somebody asked for this very event. */
export function eventDetail(event, opened) {
  const map = new GroundMap();
  map.layers = { fused: false, nodes: false, trails: false, fields: false, zones: true };
  map.chosenZone = event.zone;
  map.focus = around(event);
  map.overlay = (g, view) => event.tracks.forEach((track) => drawTrack(g, view, track, { chosen: true }));
  const elements = [
    h(
      'header',
      {},
      h('a', { class: 'icon-button back', href: '#/events', 'aria-label': 'Back to the timeline' }, '‹'),
      h('h2', {}, words(event.kind)),
      event.alarm ? '' : h('span', { class: 'badge', data: { tone: 'unreal' } }, 'no alarm'),
      originBadge(event.origin),
    ),
    h(
      'div',
      { class: 'body stack' },
      h('p', { class: 'sentence' }, event.text),
      h('section', { class: 'depicted', 'aria-label': 'Depiction' }, depictionSlot(event, opened)),
      credence(event.possibility, event.necessity),
      h(
        'dl',
        { class: 'facts' },
        [
          ['When', clock(event.time, true)],
          ['Rule', event.rule],
          event.zone ? ['Place', event.zone] : null,
          ['Certainty', event.necessary ? 'necessary: the evidence leaves no other reading' : 'possible: the evidence cannot rule it out'],
          ['Id', h('code', {}, event.id)],
        ]
          .filter(Boolean)
          .map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
      ),
      event.tracks.length ? h('div', { class: 'mini-map' }, map.element) : null,
      h('section', { 'aria-label': 'Evidence' }, h('h3', {}, 'Evidence'), evidence(event)),
      event.tracks.map((track) =>
        h(
          'section',
          { 'aria-label': `Receipt of ${shortId(track.id)}` },
          h('h3', {}, 'Receipt of ', h('a', { class: 'link', href: `#/track/${encodeURIComponent(track.id)}` }, shortId(track.id))),
          receipt(track.receipt, event.time),
        ),
      ),
    ),
  ];
  return [elements, () => map.close()];
}

/** The box around who was involved and the zone or line, with some ground to walk on. */
function around(event) {
  const zone = store.site?.zones.find((z) => z.name === event.zone)?.outline;
  const line = store.site?.lines.find((l) => l.name === event.zone)?.ends;
  const points = [...event.tracks.map((t) => [t.e, t.n]), ...(zone ?? line ?? [])];
  if (points.length === 0) return null;
  const e = points.map((p) => p[0]);
  const n = points.map((p) => p[1]);
  return [Math.min(...e) - 2, Math.min(...n) - 2, Math.max(...e) + 2, Math.max(...n) + 2];
}

function evidence(event) {
  if (event.evidence.length === 0) return h('p', { class: 'muted' }, 'No frame was kept of this event.');
  return h(
    'div',
    { class: 'evidence' },
    event.evidence.map((reference) => {
      const picture = h('img', { src: blobUrl(reference), alt: `Frame kept as evidence, ${clock(event.time)}`, loading: 'lazy' });
      picture.addEventListener('error', () => picture.replaceWith(h('p', { class: 'muted' }, 'expired or erased')), { once: true });
      return h('figure', {}, picture, originBadge(event.origin));
    }),
  );
}
