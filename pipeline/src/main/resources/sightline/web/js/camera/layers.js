/** The switches of what is drawn over a frame. One that no network of this pipeline fills is shown, but cannot be pressed. */
import { h } from '../dom.js';
import { store, on } from '../store.js';
import { toggle } from '../parts/badge.js';

const LAYERS = [
  { key: 'boxes', title: 'Boxes', made: () => true },
  { key: 'poses', title: 'Skeletons', made: (camera) => camera.poses, none: 'No network of this pipeline finds poses.' },
  { key: 'masks', title: 'Masks', made: (camera) => camera.mask, none: 'No network of this pipeline makes masks.' },
];

/** The switches, and what ends them. */
export function layerSwitches(layers) {
  const buttons = LAYERS.map((layer) => toggle(layer.title, layers[layer.key], (now) => (layers[layer.key] = now)));
  const seen = new Set(['boxes']);
  const look = (camera) => LAYERS.forEach((layer) => layer.made(camera) && seen.add(layer.key));
  const show = () =>
    LAYERS.forEach((layer, i) => {
      buttons[i].disabled = !seen.has(layer.key);
      buttons[i].title = buttons[i].disabled ? layer.none : '';
    });
  store.cameras.forEach(look);
  show();
  const end = on('camera', (message) => {
    const before = seen.size;
    look(message);
    if (seen.size !== before) show();
  });
  return [h('div', { class: 'toggles' }, buttons), end];
}
