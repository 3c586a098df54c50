/** System: latencies, books, lag, memory, models, readiness, pages. */
import { h, text } from '../dom.js';
import { store, on } from '../store.js';
import { bytes, clock, count, seconds } from '../format.js';
import { LatencyChart } from '../parts/chart.js';
import { ledgerTable } from '../parts/ledger.js';

export const channels = ['tick', 'status', 'system'];

const HEADLINE = ['exposure-to-fused', 'exposure-to-page'];

export function open(root) {
  const charts = new Map();
  const heads = h('div', { class: 'headlines' });
  const stages = h('div', { class: 'stages' });
  const parts = Object.fromEntries(['readiness', 'ledger', 'lags', 'memory', 'models', 'clients'].map((name) => [name, h('div')]));
  const card = (title, body, span) => h('section', { class: span ? 'card span' : 'card', 'aria-label': title }, h('header', {}, h('h2', {}, title)), body);

  root.append(
    h(
      'div',
      { class: 'page' },
      h('div', { class: 'page-head' }, h('h1', {}, 'System'), h('div', { class: 'push row' }, h('a', { class: 'button', href: '#/settings' }, 'Settings'), h('a', { class: 'button', href: '/metrics' }, 'Metrics'))),
      heads,
      h('section', { 'aria-label': 'Stages' }, stages),
      h(
        'div',
        { class: 'columns' },
        card('Ledger', parts.ledger, true),
        card('Kafka lag', parts.lags),
        card('Memory budget', parts.memory),
        card('Models', parts.models),
        card('Readiness', parts.readiness),
        card('Open pages', parts.clients, true),
      ),
    ),
  );

  function latency(one, into) {
    let entry = charts.get(one.stage);
    if (!entry) {
      const chart = new LatencyChart(one.stage);
      const p50 = h('b');
      const p99 = h('b');
      const n = h('span', { class: 'muted' });
      const element = h('figure', { class: 'card latency' }, h('figcaption', {}, h('strong', {}, one.stage.replaceAll('-', ' ')), n), h('div', { class: 'quantiles' }, h('span', {}, 'p50 ', p50), h('span', {}, 'p99 ', p99)), chart.canvas);
      entry = { chart, p50, p99, n };
      charts.set(one.stage, entry);
      into.append(element);
    }
    text(entry.p50, seconds(one.p50));
    text(entry.p99, seconds(one.p99));
    text(entry.n, `${count(one.counts.reduce((a, b) => a + b, 0))} in the last minute`);
    entry.chart.show(one);
  }

  function show() {
    const system = store.system;
    if (!system) return;
    const all = [...system.latencies.filter((l) => l.stage !== system.page.stage), system.page];
    for (const one of all) latency(one, HEADLINE.includes(one.stage) ? heads : stages);
    parts.ledger.replaceChildren(ledgerTable(system.ledger));
    parts.lags.replaceChildren(
      table(['Topic', 'Consumer', '#Behind', '#Records'], system.lags.map((l) => [h('code', {}, l.topic), l.consumer, seconds(l.seconds), count(l.records)])),
    );
    parts.memory.replaceChildren(h('div', { class: 'body stack' }, system.memory.length ? system.memory.map(memory) : h('p', { class: 'muted' }, 'No budget was reported.')));
    parts.models.replaceChildren(
      table(['Role', 'Model', 'Engine', 'Device', 'Digest'], system.models.map((m) => [m.role, m.name, m.engine, m.device, h('code', { title: m.digest }, m.digest.slice(0, 16))])),
    );
    parts.readiness.replaceChildren(
      h('ul', { class: 'readiness' }, system.readiness.map((r) => h('li', {}, h('span', { class: 'badge', data: { tone: r.ready ? 'good' : 'bad' } }, r.ready ? 'ready' : 'not ready'), h('b', {}, r.stage), r.why ? h('span', { class: 'muted' }, r.why) : null))),
    );
    parts.clients.replaceChildren(
      table(['Page', 'Address', 'Since', '#Sent', '#Superseded', 'Ended'], [
        ...system.clients.map((c) => [String(c.id), c.address, clock(c.since), count(c.sent), count(c.superseded), '']),
        ...system.departures.map((d) => [String(d.id), d.address, '', '', '', `${clock(d.time)}: ${d.reason}`]),
      ]),
    );
  }

  show();
  const ended = on('system', show);
  return () => {
    ended();
    charts.forEach((entry) => entry.chart.close());
  };
}

function memory(line) {
  const title = [h('b', {}, line.what), h('span', { class: 'muted' }, ` ${line.kind}`)];
  if (line.used < 0) return h('div', { class: 'memory' }, h('div', {}, title, h('span', { class: 'push muted' }, `at most ${bytes(line.limit)}`)));
  const share = line.limit > 0 ? line.used / line.limit : 0;
  const meter = h('div', { class: 'meter', role: 'meter', 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': Math.round(share * 100), 'aria-label': line.what, data: { tone: share > 0.95 ? 'bad' : share > 0.8 ? 'warm' : '' } }, h('i'));
  meter.firstChild.style.width = `${Math.min(100, share * 100)}%`;
  return h('div', { class: 'memory' }, h('div', {}, title, h('span', { class: 'push' }, `${bytes(line.used)} of ${bytes(line.limit)}`)), meter);
}

/** A column whose title starts with # holds numbers. */
function table(titles, rows) {
  if (rows.length === 0) return h('p', { class: 'empty' }, 'Nothing to report.');
  const num = titles.map((title) => (title.startsWith('#') ? 'num' : null));
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': titles[0] },
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, titles.map((title, i) => h('th', { class: num[i] }, title.replace('#', ''))))),
      h('tbody', {}, rows.map((row) => h('tr', {}, row.map((cell, i) => h('td', { class: num[i] }, cell))))),
    ),
  );
}
