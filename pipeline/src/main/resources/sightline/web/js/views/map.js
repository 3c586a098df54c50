/** Map: the ground with everything that can be shown on it; a track's receipt beside it. */
import { h, announce } from '../dom.js';
import { store, on } from '../store.js';
import { ask, trackUrl } from '../api.js';
import { shortId, words } from '../format.js';
import { nodeColour } from '../colour.js';
import { GroundMap } from '../map/map.js';
import { originBadge, toggle } from '../parts/badge.js';
import { receipt } from '../parts/receipt.js';
import { TrackList } from '../parts/tracklist.js';

export const channels = ['tick', 'status', 'system', 'node'];

const layers = { fused: true, nodes: false, trails: true, fields: true, zones: true };

export function open(root, [wanted]) {
  const map = new GroundMap();
  map.layers = layers;
  const panel = h('section', { class: 'card panel', 'aria-label': 'Receipt', hidden: true });
  const list = new TrackList((id) => choose(id));
  const nodeLegend = h('span', { class: 'node-legend' });

  async function choose(id) {
    map.chosen = id;
    list.chosen = id;
    map.draw();
    panel.hidden = !id;
    if (!id) return;
    announce(map.describe(id));
    await refresh();
  }

  async function refresh() {
    if (!map.chosen) return;
    try {
      show(await ask(trackUrl(map.chosen)));
    } catch (failure) {
      panel.replaceChildren(h('div', { class: 'body muted' }, failure.message));
    }
  }

  function show(track) {
    panel.replaceChildren(
      h(
        'header',
        {},
        h('h2', {}, 'Receipt of ', shortId(track.id)),
        h('a', { class: 'button', href: `#/track/${encodeURIComponent(track.id)}` }, 'Track page'),
        h('button', { class: 'icon-button close', type: 'button', 'aria-label': 'Close the receipt', onclick: () => choose(null) }, '×'),
      ),
      h('div', { class: 'body stack' }, h('div', { class: 'badges' }, h('span', { class: 'badge' }, words(track.ph)), originBadge(track.o)), receipt(track.receipt, track.time)),
    );
  }

  function legend() {
    nodeLegend.replaceChildren(
      ...(store.site?.nodes ?? []).map((node, i) => {
        const dot = h('i', { class: 'dot' });
        dot.style.background = nodeColour(i);
        return h('span', {}, dot, node);
      }),
    );
  }

  map.onpick = choose;
  const layer = (label, key) =>
    toggle(label, layers[key], (now) => {
      layers[key] = now;
      map.draw();
    });
  root.append(
    h(
      'div',
      { class: 'map-view' },
      h('h1', { class: 'visually-hidden' }, 'Map'),
      h(
        'section',
        { class: 'card stage', 'aria-label': 'Ground' },
        h(
          'header',
          {},
          h('div', { class: 'toggles' }, layer('Fused', 'fused'), layer('Per node', 'nodes'), layer('Trails', 'trails'), layer('Fields of view', 'fields'), layer('Zones', 'zones')),
          h('span', { class: 'legend' }, 'known', h('i'), 'unknown'),
        ),
        map.element,
        h('footer', {}, nodeLegend, h('span', { class: 'muted' }, 'ellipses at 1 and 2 sigma; dashed while coasting')),
      ),
      h('aside', { class: 'side' }, panel, list.element),
    ),
  );
  legend();
  if (wanted) choose(wanted);
  const ended = [on(['site', 'theme'], legend)];
  const timer = setInterval(refresh, 1000);
  return () => {
    ended.forEach((end) => end());
    clearInterval(timer);
    list.close();
    map.close();
  };
}
