/** Starts the page: theme, live feed, status line, and the view that the address names. */
import { h, icon } from './dom.js';
import { Link } from './link.js';
import { store, receive, on, emit } from './store.js';
import { startTheme } from './theme.js';
import { StatusLine } from './parts/status.js';
import { originBadge } from './parts/badge.js';
import { reportDelays } from './parts/delay.js';
import { views, find } from './views/index.js';

startTheme(document.getElementById('theme'));

const status = new StatusLine(document.getElementById('status'));
store.link = new Link(receive, (link) => {
  document.body.dataset.link = link.state;
  emit('link', link);
  status.update();
});

const nav = document.getElementById('nav');
nav.append(
  ...views
    .filter((view) => view.title)
    .map((view) => h('a', { href: `#/${view.path}`, data: { path: view.path } }, icon(...view.icon), h('span', {}, view.title))),
);

let close = () => {};

function route() {
  const [path, ...rest] = location.hash.replace(/^#\//, '').split('/');
  const view = find(path);
  close();
  const root = document.getElementById('view');
  root.replaceChildren();
  root.scrollTop = 0;
  for (const link of nav.children) {
    if (link.dataset.path === (view.under ?? view.path)) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  document.title = `${view.title ?? view.name} · Sightline`;
  document.body.dataset.view = view.path;
  store.link.want(view.module.channels);
  close = view.module.open(root, rest.map(decodeURIComponent)) ?? (() => {});
}

addEventListener('hashchange', route);
on('tick', (tick) => {
  const badge = document.getElementById('origin');
  if (badge.dataset.origin !== tick.origin) {
    badge.dataset.origin = tick.origin;
    badge.replaceChildren(originBadge(tick.origin));
  }
});
reportDelays();
setInterval(() => status.update(), 250);
route();
store.link.open();
