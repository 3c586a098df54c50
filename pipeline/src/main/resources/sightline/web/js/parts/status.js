/** The one line at the bottom: is it alive, how fast, is anything unaccounted. */
import { h, text } from '../dom.js';
import { store } from '../store.js';
import { clock, seconds, count } from '../format.js';

export class StatusLine {
  #pulse = h('span', { class: 'pulse', data: { state: 'lost' } }, 'connecting');
  #facts = {};
  #trouble = document.getElementById('trouble');

  constructor(element) {
    const fact = (key, label, title) => {
      this.#facts[key] = h('b', {}, '–');
      return h('span', { class: 'fact', title }, label, ' ', this.#facts[key]);
    };
    element.append(
      this.#pulse,
      fact('scene', 'scene', 'name of the scene'),
      fact('tracks', 'tracks', 'fused tracks now'),
      fact('cameras', 'cameras', 'cameras that are live'),
      fact('fused', 'exposure to fused p99', '99th percentile of the time from exposure to the fused track'),
      fact('page', 'to page p99', '99th percentile of the time from exposure to the painted tick'),
      fact('ledger', 'unaccounted', 'frames whose fate nobody can tell: held at 0'),
      h('span', { class: 'fact push' }, (this.#facts.time = h('b', { class: 'mono' }, '–'))),
    );
  }

  update() {
    const { link, tick, system, site } = store;
    const quiet = tick && link.now() - tick.time > 3000;
    const away = system?.readiness.find((r) => r.stage === 'kafka' && !r.ready);
    const state = link.state !== 'open' ? 'lost' : away ? 'away' : quiet || !tick ? 'quiet' : 'live';
    this.#pulse.dataset.state = state;
    text(this.#pulse, { lost: link.reason || 'reconnecting', away: 'broker away', quiet: 'waiting for tracks', live: 'live' }[state]);
    this.#trouble.hidden = !away;
    text(this.#trouble, away ? `${away.why} What is shown is the last that was heard; everything goes on by itself when Kafka is back.` : '');
    text(this.#facts.scene, site?.scene ?? '–');
    text(this.#facts.tracks, String(store.tracks.size));
    if (site) {
      const cameras = site.sensors.filter((s) => s.kind === 'CAMERA');
      const live = cameras.filter((s) => store.statuses.get(s.name)?.state === 'LIVE');
      text(this.#facts.cameras, `${live.length}/${cameras.length}`);
    }
    if (system) {
      text(this.#facts.fused, seconds(system.latencies.find((l) => l.stage === 'exposure-to-fused')?.p99));
      text(this.#facts.page, seconds(system.page.p99));
      text(this.#facts.ledger, count(system.ledger.reduce((sum, row) => sum + row.unaccounted, 0)));
    }
    text(this.#facts.time, tick ? clock(tick.time, true) : '–');
  }
}
