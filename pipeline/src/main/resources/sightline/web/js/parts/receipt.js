/** A receipt: which sensors and peers stand behind a track, who was late, who was left out and why. */
import { h } from '../dom.js';
import { words } from '../format.js';

const TONE = { DETECTED: 'good', MISSED: '', LATE: 'warm', EXCLUDED: 'bad' };
const ORDER = ['DETECTED', 'LATE', 'MISSED', 'EXCLUDED'];

export function receipt(from, time) {
  const lines = [...from.contributions].sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
  const models = [...new Set(lines.map((l) => l.model).filter(Boolean))];
  return h(
    'div',
    { class: 'receipt' },
    lines.length === 0
      ? h('p', { class: 'muted' }, 'No sensor has contributed to this tick.')
      : h('ul', { class: 'contributions' }, lines.map((line) => contribution(line, time))),
    h(
      'dl',
      { class: 'facts' },
      fact('Peers heard', from.peers.join(', ') || 'none'),
      from.missing.length ? fact('Not heard', h('span', { class: 'missing' }, from.missing.join(', '))) : [],
      models.length ? fact(models.length > 1 ? 'Models' : 'Model', models.map((m) => h('code', {}, m.slice(0, 16), ' '))) : [],
      fact('Digest', h('code', {}, from.digest || 'none')),
    ),
  );
}

function fact(name, value) {
  return [h('dt', {}, name), h('dd', {}, value)];
}

function contribution(line, time) {
  const age = time - line.exposure;
  return h(
    'li',
    { data: { status: line.status } },
    h('span', { class: 'badge', data: { tone: TONE[line.status] } }, words(line.status)),
    h('span', { class: 'who' }, line.sensor, h('small', {}, line.node)),
    h('span', { class: 'when', title: 'exposure before the tick' }, Number.isFinite(age) ? `${age.toFixed(0)} ms` : ''),
    line.reason ? h('span', { class: 'why' }, line.reason) : null,
  );
}
