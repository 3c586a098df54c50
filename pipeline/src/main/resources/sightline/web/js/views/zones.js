/** Zones: draw a polygon on the ground, by pointer or keyboard, name it, save it. Rules take it up at once. */
import { h, text, announce } from '../dom.js';
import { store, on } from '../store.js';
import { command } from '../api.js';
import { colour } from '../colour.js';
import { GroundMap } from '../map/map.js';
import { Sketch } from '../map/sketch.js';
import { CameraTile } from '../camera/tile.js';
import { ImageSketch } from '../camera/imagesketch.js';

export const channels = ['tick', 'status', 'system', 'camera'];

const bare = { boxes: false, poses: false, masks: false };

export function open(root) {
  const map = new GroundMap();
  map.element.dataset.mode = 'draw';
  const sketch = new Sketch(map, () => corners());
  const name = h('input', { name: 'zone', required: true, maxlength: 60, autocomplete: 'off', placeholder: 'loading bay' });
  const places = h('textarea', { rows: 5, spellcheck: 'false', 'aria-describedby': 'corner-help' });
  const problem = h('p', { class: 'error', role: 'alert' });
  const save = h('button', { class: 'button', type: 'submit', data: { kind: 'primary' } }, 'Save zone');
  const list = h('ul', { class: 'zone-list' });
  const stage = h('section', { class: 'card stage', 'aria-label': 'Ground' });
  const where = h('select', { name: 'where', 'aria-label': 'Draw on' });
  let picture = null;
  const form = h(
    'form',
    { class: 'card' },
    h('header', {}, h('h2', {}, 'Draw a zone')),
    h(
      'div',
      { class: 'body stack' },
      h('p', { class: 'muted' }, "Click corners on the map or in a camera's picture, or move the map's cross with the arrow keys and press Enter. Corners can be dragged; Backspace takes the map's last one back."),
      h('label', { class: 'field' }, 'Name', name),
      h('label', { class: 'field' }, 'Corners', places),
      h('p', { class: 'muted small', id: 'corner-help' }, 'metres east and north, one corner a line'),
      h('div', { class: 'row' }, save, h('button', { class: 'button', type: 'button', onclick: () => begin('', []) }, 'Clear')),
      problem,
    ),
  );

  function corners() {
    picture?.sketch.show();
    if (document.activeElement !== places) places.value = sketch.corners.map(([e, n]) => `${e.toFixed(2)} ${n.toFixed(2)}`).join('\n');
    save.disabled = sketch.corners.length < 3;
  }

  places.addEventListener('input', () => {
    const rows = places.value.split('\n').map((row) => row.trim().split(/[\s,;]+/).map(Number));
    sketch.set(rows.filter((row) => row.length === 2 && row.every(Number.isFinite)));
  });

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    save.disabled = true;
    try {
      await command('/api/zones/put', { name: name.value, outline: sketch.corners });
      announce(`zone ${name.value} saved`);
      text(problem, '');
      begin('', []);
    } catch (failure) {
      text(problem, failure.message);
      save.disabled = false;
    }
  });

  async function remove(zone) {
    try {
      await command('/api/zones/remove', { name: zone });
      announce(`zone ${zone} removed`);
      text(problem, '');
    } catch (failure) {
      text(problem, failure.message);
    }
  }

  function begin(zone, outline) {
    name.value = zone;
    sketch.set(outline.map((corner) => [...corner]));
    map.chosenZone = zone;
    map.draw();
  }

  /** The map, or the picture of a camera that knows where its pixels are. */
  function place() {
    const sensor = store.site?.sensors.find((s) => s.name === where.value);
    picture = null;
    if (sensor) {
      const tile = new CameraTile(sensor, bare);
      picture = { tile, sketch: new ImageSketch(tile, sketch, (why) => text(problem, why)) };
      picture.sketch.show();
    }
    stage.replaceChildren(h('header', {}, h('label', { class: 'row' }, 'Draw on', where)), sensor ? h('div', { class: 'one-camera' }, picture.tile.element) : map.element);
    if (!sensor) map.draw();
  }

  function choices() {
    const cameras = (store.site?.sensors ?? []).filter((s) => s.kind === 'CAMERA' && s.calibration);
    if ([...where.options].slice(1).map((o) => o.value).join() === cameras.map((s) => s.name).join() && where.options.length) return;
    where.replaceChildren(h('option', { value: '' }, 'the map'), ...cameras.map((s) => h('option', { value: s.name }, `the picture of ${s.name}`)));
  }

  where.addEventListener('change', place);

  function show() {
    choices();
    picture?.sketch.show();
    const zones = store.site?.zones ?? [];
    list.replaceChildren(
      ...(zones.length
        ? zones.map((zone) => {
            const dot = h('i', { class: 'dot' });
            dot.style.background = colour('zone');
            return h(
              'li',
              {},
              dot,
              h('b', {}, zone.name),
              h('span', { class: 'muted' }, `${area(zone.outline).toFixed(1)} m²`),
              h('button', { class: 'button', type: 'button', 'aria-label': `Edit ${zone.name}`, onclick: () => begin(zone.name, zone.outline) }, 'Edit'),
              h('button', { class: 'button', type: 'button', data: { kind: 'danger' }, 'aria-label': `Remove ${zone.name}`, onclick: () => remove(zone.name) }, 'Remove'),
            );
          })
        : [h('li', { class: 'muted' }, 'No zone is marked.')]),
    );
  }

  root.append(
    h(
      'div',
      { class: 'map-view' },
      h('h1', { class: 'visually-hidden' }, 'Zones'),
      stage,
      h('aside', { class: 'side' }, form, h('section', { class: 'card', 'aria-label': 'Zones' }, h('header', {}, h('h2', {}, 'Zones')), h('div', { class: 'body' }, list))),
    ),
  );
  corners();
  show();
  place();
  const ended = [on(['site', 'theme'], show), on('camera', (message) => message.camera === picture?.tile.sensor.name && picture.tile.show(message))];
  const timer = setInterval(() => picture?.tile.second(), 500);
  return () => {
    ended.forEach((end) => end());
    clearInterval(timer);
    map.close();
  };
}

function area(outline) {
  let twice = 0;
  outline.forEach(([e, n], i) => {
    const [e1, n1] = outline[(i + 1) % outline.length];
    twice += e * n1 - e1 * n;
  });
  return Math.abs(twice) / 2;
}
