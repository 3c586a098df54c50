/** Imagery: every picture that was made of an event, newest first. */
import { h } from '../dom.js';
import { store, on } from '../store.js';
import { depictionCard } from '../parts/depiction.js';

export const channels = ['tick', 'status', 'system'];

export function open(root) {
  const strip = h('div', { class: 'imagery' });
  function show() {
    const made = [...store.depictions.values()].sort((a, b) => b.time - a.time);
    strip.replaceChildren(
      ...(made.length
        ? made.map((d) => h('a', { href: `#/events/${encodeURIComponent(d.event)}`, class: 'card' }, depictionCard(d)))
        : [h('div', { class: 'empty' }, h('p', {}, 'No picture has been made yet.'), h('p', {}, 'Open an event and ask for a depiction: it is drawn from the fused evidence, never from camera pixels, and read back before it is shown as true.'), h('a', { class: 'button', href: '#/events' }, 'Events'))]),
    );
  }
  root.append(h('div', { class: 'page' }, h('h1', {}, 'Imagery'), h('p', { class: 'muted lead' }, 'Pictures made of events from positions, poses and zones. None of them is a photograph.'), strip));
  show();
  return on(['depiction', 'depictions'], show);
}
