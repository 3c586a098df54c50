/** Pictures made of an event. Always marked as synthetic; one that was not read back says why. */
import { h, text } from '../dom.js';
import { store } from '../store.js';
import { blobUrl, command } from '../api.js';
import { clock, words } from '../format.js';
import { originBadge } from './badge.js';

const TONE = { ACCEPTED: 'good', REJECTED: 'bad', FAILED: 'bad', REFUSED: 'warm', PENDING: 'warm', EXEMPT: '' };
const SAYS = {
  ACCEPTED: 'read back: our own detector found the same people in the same places',
  REJECTED: 'read back and rejected: the schematic is shown in its place',
  EXEMPT: 'schematic: drawn from the evidence by projection alone, nothing to read back',
  PENDING: 'not read back yet',
};
const ALT = { scene: 'Plain figures on empty paving', schematic: 'Schematic drawing', sequence: 'Animated drawing, before, at and after' };

/** Events that this page has asked about already. */
const asked = new Set();

export function depictionCard(made) {
  const picture = made.image
    ? h('img', { src: blobUrl(made.image), alt: `${ALT[made.depictor] ?? 'Synthetic picture'} of event ${made.event}`, loading: 'lazy' })
    : h('div', { class: 'no-picture' }, made.progress < 1 ? 'in the making' : 'no picture');
  picture.addEventListener('error', () => picture.replaceWith(h('div', { class: 'no-picture' }, 'expired or erased')), { once: true });
  const preview = made.progress < 1;
  const progress = h('div', { class: 'meter', hidden: !preview }, h('i'));
  progress.firstChild.style.width = `${made.progress * 100}%`;
  const read = made.verdict === 'ACCEPTED' || made.verdict === 'REJECTED';
  return h(
    'figure',
    { class: 'depiction', data: { verdict: made.verdict, depictor: made.depictor, preview: preview ? 'yes' : 'no' } },
    h('div', { class: 'picture' }, picture, h('div', { class: 'over' }, originBadge(made.origin))),
    progress,
    h(
      'figcaption',
      {},
      preview
        ? h('span', { class: 'badge' }, 'preview, sharpening')
        : h('span', { class: 'badge', data: { tone: TONE[made.verdict] ?? '' }, title: SAYS[made.verdict] ?? '' }, words(made.verdict)),
      read ? h('span', { class: 'score' }, `read-back score ${Math.round(made.score * 100)} %`) : null,
      h('span', {}, made.depictor),
      made.viewpoint ? h('span', { class: 'muted' }, 'from ', made.viewpoint) : null,
      h('time', { class: 'muted' }, clock(made.time)),
      made.reason && !preview ? h('p', { class: 'muted' }, made.reason) : null,
    ),
  );
}

/** The newest of each depictor and viewpoint, the one that tells most first. */
function ranked(event) {
  const rank = (d) => (d.depictor === 'scene' ? 0 : d.depictor === 'sequence' ? 2 : 1);
  return [...store.depictions.values()]
    .filter((d) => d.event === event.id && d.verdict !== 'REFUSED')
    .sort((a, b) => rank(a) - rank(b) || b.time - a.time);
}

/**
 * The place for an event's pictures: the best one large, its sequence, and the way to see it from elsewhere. An event that somebody
 * opened is drawn without being asked twice; one that is shown for being the newest is not.
 */
export function depictionSlot(event, opened) {
  const made = ranked(event);
  const scene = made.find((d) => d.depictor === 'scene');
  const shown = scene ?? made.find((d) => d.depictor !== 'sequence');
  const sequence = made.find((d) => d.depictor === 'sequence');
  const others = made.filter((d) => d !== shown && d !== sequence && d.progress >= 1 && !(d.depictor === 'schematic' && d.viewpoint === shown?.viewpoint));
  const problem = h('p', { class: 'error', role: 'alert' });
  const seeFrom = async (viewpoint) => {
    try {
      await command('/api/depict', { event: event.id, viewpoint });
      text(problem, '');
    } catch (failure) {
      text(problem, failure.message);
    }
  };
  if (opened && !scene && !asked.has(event.id)) {
    asked.add(event.id);
    seeFrom('');
  }
  const cameras = store.site?.cameras?.map((c) => c.name) ?? [];
  const whence = h('select', { name: 'viewpoint', 'aria-label': 'See it from' }, [['', 'the nearest camera'], ['street', 'the street'], ['above', 'above'], ...cameras.map((c) => [c, c])].map(([value, label]) => h('option', { value }, label)));
  const form = h('form', { class: 'ask' }, h('label', {}, 'See it from ', whence), h('button', { class: 'button', type: 'submit' }, 'Draw'));
  form.addEventListener('submit', (submit) => {
    submit.preventDefault();
    seeFrom(whence.value);
  });
  return h(
    'div',
    { class: 'stack depictions' },
    shown ? depictionCard(shown) : h('div', { class: 'no-picture' }, asked.has(event.id) ? 'being drawn from the evidence' : 'not drawn yet'),
    sequence ? h('section', { 'aria-label': 'Before, at and after' }, h('h3', {}, 'Before, at and after'), depictionCard(sequence)) : null,
    others.length ? h('section', { 'aria-label': 'From elsewhere' }, h('h3', {}, 'From elsewhere'), h('div', { class: 'depiction-strip' }, others.map(depictionCard))) : null,
    form,
    problem,
  );
}
