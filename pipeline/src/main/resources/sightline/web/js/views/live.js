/** Live: every camera and the map side by side. */
import { h } from '../dom.js';
import { store, on } from '../store.js';
import { CameraTile } from '../camera/tile.js';
import { GroundMap } from '../map/map.js';
import { layerSwitches } from '../camera/layers.js';
import { Latest } from '../parts/latest.js';

const layers = { boxes: true, poses: true, masks: false };

export const channels = ['tick', 'status', 'system', 'camera'];

export function open(root) {
  const map = new GroundMap();
  map.onpick = (id) => id && (location.hash = `#/track/${encodeURIComponent(id)}`);
  const grid = h('div', { class: 'camera-grid', role: 'list', 'aria-label': 'Cameras' });
  const notes = h('div', { class: 'notes' });
  let tiles = new Map();

  const build = () => {
    if (!store.site) return;
    const cameras = store.site.sensors.filter((s) => s.kind === 'CAMERA');
    if ([...tiles.keys()].join() === cameras.map((s) => s.name).join()) return;
    tiles = new Map(cameras.map((s) => [s.name, new CameraTile(s, layers)]));
    grid.replaceChildren(...[...tiles.values()].map((t) => h('div', { role: 'listitem' }, t.element)));
  };
  const second = () => {
    tiles.forEach((tile) => tile.second());
    const wanted = store.system?.notes ?? [];
    if ([...notes.children].map((n) => n.textContent).join() !== wanted.join()) {
      notes.replaceChildren(...wanted.map((note) => h('p', { class: 'note' }, note)));
    }
  };
  const [switches, endSwitches] = layerSwitches(layers);
  const latest = new Latest();

  root.append(
    h(
      'div',
      { class: 'live' },
      h('h1', { class: 'visually-hidden' }, 'Live'),
      notes,
      h(
        'section',
        { class: 'grid-pane', 'aria-label': 'Cameras' },
        switches,
        grid,
        latest.element,
      ),
      h(
        'section',
        { class: 'map-pane', 'aria-label': 'Map' },
        h(
          'div',
          { class: 'card' },
          h('header', {}, h('h2', {}, 'Ground'), h('span', { class: 'legend' }, 'known', h('i'), 'unknown')),
          map.element,
        ),
      ),
    ),
  );
  build();
  second();
  const ended = [
    on('site', build),
    on('camera', (message) => tiles.get(message.camera)?.show(message)),
    on(['system', 'status'], second),
  ];
  const timer = setInterval(second, 500);
  return () => {
    ended.forEach((end) => end());
    endSwitches();
    latest.close();
    clearInterval(timer);
    map.close();
  };
}
