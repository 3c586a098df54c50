/** Settings: every key, what it is now, who said so, and what it means. */
import { h } from '../dom.js';
import { ask } from '../api.js';

export const channels = ['tick', 'status', 'system'];

export function open(root) {
  const body = h('div', { class: 'stack' });
  root.append(
    h(
      'div',
      { class: 'page' },
      h('div', { class: 'page-head' }, h('a', { class: 'button', href: '#/system' }, 'System'), h('h1', {}, 'Settings')),
      h('p', { class: 'muted' }, 'Said in the settings file, as an environment variable, or with --set; the last one counts.'),
      body,
    ),
  );
  ask('/api/settings')
    .then((settings) => body.replaceChildren(...settings.groups.map(group)))
    .catch((failure) => body.replaceChildren(h('p', { class: 'empty' }, failure.message)));
}

function group(of) {
  return h(
    'section',
    { class: 'card', 'aria-label': of.name },
    h('header', {}, h('h2', {}, of.name), h('span', { class: 'muted' }, of.doc)),
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `Settings of ${of.name}` },
      h(
        'table',
        { class: 'settings' },
        h('thead', {}, h('tr', {}, ['Key', 'Value', 'Said by', 'Meaning'].map((title) => h('th', {}, title)))),
        h('tbody', {}, of.settings.map(line)),
      ),
    ),
  );
}

function line(setting) {
  const kind = [setting.type, setting.range, setting.unit].filter(Boolean).join(', ');
  return h(
    'tr',
    {},
    h('td', {}, h('code', {}, setting.key), h('small', { class: 'muted' }, setting.variable)),
    h('td', {}, h('code', {}, setting.value || '(empty)'), setting.value === setting.fallback ? null : h('small', { class: 'muted' }, `default ${setting.fallback || '(empty)'}`)),
    h('td', {}, setting.place),
    h('td', { class: 'meaning' }, setting.doc, h('small', { class: 'muted' }, kind)),
  );
}
