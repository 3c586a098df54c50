/** Where a camera's pictures come from from now on: as at the start, from Kafka, or from a recording that the server has. */
import { h, text, announce } from '../dom.js';
import { command } from '../api.js';

export function sourceForm(name) {
  const from = h(
    'select',
    { name: 'from' },
    h('option', { value: '' }, 'the source that it was started with'),
    h('option', { value: 'topic' }, 'Kafka: somebody else sends them'),
    h('option', { value: 'video' }, 'a recording on the server'),
  );
  const file = h('input', { name: 'file', autocomplete: 'off', spellcheck: 'false', placeholder: 'gate.mp4' });
  const fps = h('input', { name: 'fps', type: 'number', min: 0.1, max: 240, step: 'any', placeholder: 'as the file says' });
  const recording = h('div', { class: 'stack', hidden: true }, h('label', { class: 'field' }, 'File', file), h('label', { class: 'field' }, 'Frames a second', fps));
  const problem = h('p', { class: 'error', role: 'alert' });
  const change = h('button', { class: 'button', type: 'submit' }, 'Change the source');

  from.addEventListener('change', () => {
    recording.hidden = from.value !== 'video';
    file.required = !recording.hidden;
  });

  async function submit(event) {
    event.preventDefault();
    const source = from.value === 'video' ? `video:${file.value}${fps.value ? `@${fps.value}` : ''}` : from.value || 'started';
    change.disabled = true;
    try {
      await command('/api/cameras/add', { name, source });
      text(problem, '');
      announce(`${name} has another source`);
    } catch (failure) {
      text(problem, failure.message);
    }
    change.disabled = false;
  }

  return h('form', { class: 'stack', 'aria-label': 'Source', onsubmit: submit }, h('label', { class: 'field' }, 'Pictures from', from), recording, h('div', { class: 'row' }, change), problem);
}
