/** The ledger as a table: received = in flight + done + superseded + stale + invalid + failed, or it says how much is not. */
import { h } from '../dom.js';
import { count } from '../format.js';

const COLUMNS = ['received', 'inFlight', 'done', 'superseded', 'stale', 'invalid', 'failed', 'redelivered', 'unaccounted'];
const TITLES = { inFlight: 'in flight' };

export function ledgerTable(rows) {
  if (rows.length === 0) return h('p', { class: 'empty' }, 'Nothing was booked yet.');
  const total = Object.fromEntries(COLUMNS.map((c) => [c, rows.reduce((sum, row) => sum + row[c], 0)]));
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Ledger' },
    h(
      'table',
      { class: 'ledger' },
      h('thead', {}, h('tr', {}, h('th', {}, 'Camera'), h('th', {}, 'Stage'), COLUMNS.map((c) => h('th', { class: 'num' }, TITLES[c] ?? c)))),
      h('tbody', {}, rows.map((row) => h('tr', {}, h('td', {}, row.camera), h('td', {}, row.stage), cells(row)))),
      rows.length > 1 ? h('tfoot', {}, h('tr', {}, h('td', { colspan: 2 }, 'All'), cells(total))) : null,
    ),
  );
}

function cells(row) {
  return COLUMNS.map((c) => h('td', { class: 'num', data: { column: c, zero: row[c] === 0 ? 'yes' : 'no' } }, count(row[c])));
}
