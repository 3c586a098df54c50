/** One camera, large, with its books; it can be stopped and brought back. */
import { h, text, announce } from '../dom.js';
import { store, on } from '../store.js';
import { command } from '../api.js';
import { seconds, words } from '../format.js';
import { CameraTile } from '../camera/tile.js';
import { layerSwitches } from '../camera/layers.js';
import { sourceForm } from '../parts/sourceform.js';
import { ledgerTable } from '../parts/ledger.js';

export const channels = ['tick', 'status', 'system', 'camera'];

const layers = { boxes: true, poses: true, masks: true };

export function open(root, [name]) {
  const holder = h('div', { class: 'one-camera' });
  const facts = h('dl', { class: 'facts' });
  const books = h('div');
  const problem = h('p', { class: 'error', role: 'alert' });
  const act = h('button', { class: 'button', type: 'button', onclick: change });
  const [switches, endSwitches] = layerSwitches(layers);
  let tile = null;

  async function change() {
    const gone = store.statuses.get(name)?.state === 'REMOVED';
    act.disabled = true;
    try {
      await command(gone ? '/api/cameras/add' : '/api/cameras/remove', { name });
      text(problem, '');
      announce(gone ? `${name} is coming back` : `${name} was removed`);
    } catch (failure) {
      text(problem, failure.message);
    }
    act.disabled = false;
  }

  function build() {
    const sensor = store.site?.sensors.find((s) => s.name === name);
    if (!sensor || tile) return;
    tile = new CameraTile(sensor, layers);
    holder.replaceChildren(tile.element);
  }

  function second() {
    tile?.second();
    const status = store.statuses.get(name);
    const sensor = store.site?.sensors.find((s) => s.name === name);
    const gone = status?.state === 'REMOVED';
    text(act, gone ? 'Bring back' : 'Remove');
    act.dataset.kind = gone ? 'primary' : 'danger';
    const line = (label, value) => [h('dt', {}, label), h('dd', {}, value)];
    facts.replaceChildren(
      ...[
        line('State', status ? words(status.state) : 'not heard of'),
        status?.reason ? line('Why', status.reason) : [],
        line('Node', sensor?.node ?? '–'),
        line('Calibration', sensor?.calibration || 'none: boxes are not placed on the ground'),
        line('Clock', status ? `${status.clock} ± ${seconds(status.clockSigmaMs / 1000)}` : '–'),
        line('Model', store.cameras.get(name)?.model ?? '–'),
      ].flat(),
    );
    books.replaceChildren(ledgerTable((store.system?.ledger ?? []).filter((row) => row.camera === name)));
  }

  root.append(
    h(
      'div',
      { class: 'page' },
      h('div', { class: 'page-head' }, h('a', { class: 'button', href: '#/live' }, 'All cameras'), h('h1', {}, name), h('div', { class: 'push' }, act)),
      problem,
      h(
        'div',
        { class: 'columns wide-first' },
        h(
          'section',
          { 'aria-label': 'Picture', class: 'stack' },
          switches,
          holder,
        ),
        h('section', { class: 'card', 'aria-label': 'Facts' }, h('header', {}, h('h2', {}, 'Source')), h('div', { class: 'body stack' }, facts, sourceForm(name))),
        h('section', { class: 'card span', 'aria-label': 'Books' }, h('header', {}, h('h2', {}, 'What became of its frames')), books),
      ),
    ),
  );
  build();
  second();
  const ended = [on('site', build), on('camera', (m) => m.camera === name && tile?.show(m)), on(['system', 'status'], second)];
  const timer = setInterval(() => tile?.second(), 500);
  return () => {
    clearInterval(timer);
    endSwitches();
    ended.forEach((end) => end());
  };
}
