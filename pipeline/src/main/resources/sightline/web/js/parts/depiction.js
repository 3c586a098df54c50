/** Pictures made of an event. Always marked as synthetic; one that was not read back says so. */
import { h, text } from '../dom.js';
import { store } from '../store.js';
import { blobUrl, command } from '../api.js';
import { clock, words } from '../format.js';
import { originBadge } from './badge.js';

const TONE = { ACCEPTED: 'good', REJECTED: 'bad', FAILED: 'bad', REFUSED: 'warm', PENDING: 'warm', EXEMPT: '' };
const SAYS = {
  ACCEPTED: 'read back: our own detector found the same people and places in it',
  REJECTED: 'read back and rejected: what it shows is not what happened',
  EXEMPT: 'schematic: drawn from the evidence, nothing to read back',
  PENDING: 'not read back yet',
};

export function depictionCard(made) {
  const picture = made.image
    ? h('img', { src: blobUrl(made.image), alt: `Synthetic picture of event ${made.event}`, loading: 'lazy' })
    : h('div', { class: 'no-picture' }, made.progress < 1 ? 'in the making' : 'no picture');
  picture.addEventListener('error', () => picture.replaceWith(h('div', { class: 'no-picture' }, 'expired or erased')), { once: true });
  const progress = h('div', { class: 'meter', hidden: made.progress >= 1 }, h('i'));
  progress.firstChild.style.width = `${made.progress * 100}%`;
  return h(
    'figure',
    { class: 'depiction', data: { verdict: made.verdict } },
    h('div', { class: 'picture' }, picture, h('div', { class: 'over' }, originBadge(made.origin))),
    progress,
    h(
      'figcaption',
      {},
      h('span', { class: 'badge', data: { tone: TONE[made.verdict] ?? '' }, title: SAYS[made.verdict] ?? '' }, words(made.verdict)),
      h('span', {}, made.depictor),
      made.viewpoint ? h('span', { class: 'muted' }, made.viewpoint) : null,
      h('time', { class: 'muted' }, clock(made.time)),
      made.whatIf ? h('p', {}, 'What if: ', made.whatIf) : null,
      made.reason ? h('p', { class: 'muted' }, made.reason) : null,
    ),
  );
}

/** The place for an event's pictures, and the way to ask for one. */
export function depictionSlot(event) {
  const made = [...store.depictions.values()].filter((d) => d.event === event.id);
  const whatIf = h('input', { name: 'whatIf', placeholder: 'what if …', 'aria-label': 'What if: a change in plain words; empty for the event as it was' });
  const problem = h('p', { class: 'error', role: 'alert' });
  const button = h('button', { class: 'button', type: 'submit' }, made.length ? 'Depict again' : 'Depict this event');
  const form = h('form', { class: 'ask' }, whatIf, button);
  form.addEventListener('submit', async (submit) => {
    submit.preventDefault();
    button.disabled = true;
    try {
      await command('/api/depict', { event: event.id, whatIf: whatIf.value, viewpoint: '' });
      text(problem, '');
    } catch (failure) {
      text(problem, failure.message);
    }
    button.disabled = false;
  });
  return h('div', { class: 'stack' }, made.length ? h('div', { class: 'depictions' }, made.map(depictionCard)) : null, form, problem);
}
