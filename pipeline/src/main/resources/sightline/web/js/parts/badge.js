/** Small labels that say where something comes from and how it does. */
import { h } from '../dom.js';

const WHAT = {
  REPLAY: 'from a recording',
  SIMULATED: 'from the scene simulator: nothing here was seen by a real sensor',
  SYNTHETIC: 'made by a depictor: nobody photographed this',
  DRILL: 'a rehearsal: no alarm is raised',
};

/** Everything that is not live says so. */
export function originBadge(origin) {
  return origin && origin !== 'LIVE'
    ? h('span', { class: 'badge', data: { tone: 'unreal', origin }, title: WHAT[origin] }, origin)
    : '';
}

export function toneOf(state) {
  return { LIVE: 'good', FAILED: 'bad', REMOVED: 'bad', STALLED: 'warm', BACKOFF: 'warm', CONNECTING: 'warm' }[state] ?? '';
}

export function toggle(label, pressed, change) {
  const button = h('button', { class: 'toggle', type: 'button', 'aria-pressed': String(pressed) }, label);
  button.addEventListener('click', () => {
    const now = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(now));
    change(now);
  });
  return button;
}
