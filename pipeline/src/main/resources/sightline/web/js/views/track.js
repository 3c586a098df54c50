/** A track's page: where it went, how sure that is, and who says so. */
import { h, text } from '../dom.js';
import { store } from '../store.js';
import { ask, trackUrl } from '../api.js';
import { clock, shortId, words } from '../format.js';
import { GroundMap } from '../map/map.js';
import { ellipse } from '../map/ellipse.js';
import { originBadge } from '../parts/badge.js';
import { LineChart } from '../parts/chart.js';
import { credence } from '../parts/credence.js';
import { receipt } from '../parts/receipt.js';

export const channels = ['tick', 'status', 'system'];

export function open(root, [id]) {
  const map = new GroundMap();
  map.chosen = id;
  map.onpick = (other) => other && (location.hash = `#/track/${encodeURIComponent(other)}`);
  const unknown = new LineChart('What is not known of its existence, over time', '', 'unknown', 1);
  const spread = new LineChart('Major half axis at 2 sigma, over time', 'm', 'warm');
  const speed = new LineChart('Speed over time', 'm/s', 'accent');
  const badges = h('div', { class: 'badges' });
  const facts = h('dl', { class: 'facts' });
  const proof = h('div', { class: 'body' });
  const events = h('ul', { class: 'mini-events' });
  const problem = h('p', { class: 'error', role: 'alert' });

  const chart = (title, chart) => h('figure', { class: 'figure' }, h('figcaption', {}, title), chart.canvas);
  root.append(
    h(
      'div',
      { class: 'page' },
      h('div', { class: 'page-head' }, h('a', { class: 'button', href: '#/map' }, 'Map'), h('h1', {}, 'Track ', shortId(id)), badges),
      problem,
      h(
        'div',
        { class: 'columns' },
        h('section', { class: 'card tall', 'aria-label': 'Where' }, h('header', {}, h('h2', {}, 'Where')), map.element),
        h('section', { class: 'card', 'aria-label': 'Receipt' }, h('header', {}, h('h2', {}, 'Who contributed')), proof),
        h('section', { class: 'card', 'aria-label': 'State' }, h('header', {}, h('h2', {}, 'State')), h('div', { class: 'body' }, facts)),
        h('section', { class: 'card', 'aria-label': 'Past' }, h('header', {}, h('h2', {}, 'Past')), h('div', { class: 'body figures' }, chart('Unknown', unknown), chart('Uncertainty', spread), chart('Speed', speed))),
        h('section', { class: 'card', 'aria-label': 'Events' }, h('header', {}, h('h2', {}, 'Events')), h('div', { class: 'body' }, events)),
      ),
    ),
  );

  async function refresh() {
    try {
      show(await ask(trackUrl(id)));
      text(problem, '');
    } catch (failure) {
      text(problem, failure.message);
    }
  }

  function show(track) {
    badges.replaceChildren(h('span', { class: 'badge', data: { tone: track.ph === 'CONFIRMED' ? 'good' : 'warm' } }, words(track.ph)), originBadge(track.o));
    const two = ellipse(track.c);
    const line = (name, ...value) => [h('dt', {}, name), h('dd', {}, ...value)];
    facts.replaceChildren(
      ...[
        line('Id', h('code', {}, track.id)),
        line('Class', track.k || 'not known'),
        line('Seen', `${clock(track.first)} to ${clock(track.time, true)}`),
        line('Place', `${track.e.toFixed(2)} m east, ${track.n.toFixed(2)} m north`),
        line('Speed', `${Math.hypot(track.ve, track.vn).toFixed(2)} m/s`),
        line('2 sigma', `${two.major.toFixed(2)} × ${two.minor.toFixed(2)} m`),
        line('Exists', credence(track.p, 1 - track.a, 'it exists')),
      ].flat(),
    );
    proof.replaceChildren(receipt(track.receipt, track.time));
    const points = track.points;
    unknown.show(points.map((p) => [p[0], Math.min(p[3], p[4])]));
    spread.show(points.map((p) => [p[0], ellipse([p[5], p[6], p[7]]).major]));
    speed.show(speeds(points));
    const mine = store.events.filter((event) => event.tracks.some((t) => t.id === id)).slice(-8).reverse();
    events.replaceChildren(
      ...(mine.length
        ? mine.map((event) => h('li', {}, h('a', { href: `#/events/${encodeURIComponent(event.id)}` }, h('span', { class: 'muted' }, clock(event.time)), ' ', event.text)))
        : [h('li', { class: 'muted' }, 'None.')]),
    );
  }

  refresh();
  const timer = setInterval(refresh, 1000);
  return () => {
    clearInterval(timer);
    map.close();
    [unknown, spread, speed].forEach((c) => c.close());
  };
}

/** Speed over half a second, from the points themselves. */
function speeds(points) {
  const result = [];
  for (let i = 5; i < points.length; i++) {
    const [t0, e0, n0] = points[i - 5];
    const [t1, e1, n1] = points[i];
    if (t1 > t0) result.push([t1, (Math.hypot(e1 - e0, n1 - n0) / (t1 - t0)) * 1000]);
  }
  return result;
}
