/** Every view, in the order of the bar. Views without a title are reached from others. */
import * as live from './live.js';

export const views = [
  { path: 'live', title: 'Live', module: live, icon: ['M3 6h12v12H3z', 'M15 10l6-3v10l-6-3'] },
];

export function find(path) {
  return views.find((view) => view.path === path) ?? views[0];
}
