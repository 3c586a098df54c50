/** Necessity and possibility as one bar: solid as far as it must be so, hatched as far as it may. */
import { h } from '../dom.js';

export function credence(possibility, necessity, what = 'it happened') {
  const label = `necessity ${necessity.toFixed(2)}, possibility ${possibility.toFixed(2)} that ${what}`;
  const bar = h('div', { class: 'credence', role: 'img', 'aria-label': label, title: label }, h('i'), h('b'));
  bar.children[0].style.width = `${possibility * 100}%`;
  bar.children[1].style.width = `${necessity * 100}%`;
  return bar;
}
