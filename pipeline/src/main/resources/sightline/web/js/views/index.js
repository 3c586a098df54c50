/** Every view, in the order of the bar. Views without a title are reached from others and belong under one. */
import * as live from './live.js';
import * as map from './map.js';
import * as events from './events.js';
import * as imagery from './imagery.js';
import * as zones from './zones.js';
import * as system from './system.js';
import * as track from './track.js';
import * as camera from './camera.js';
import * as settings from './settings.js';

export const views = [
  { path: 'live', title: 'Live', module: live, icon: ['M3 6h12v12H3z', 'M15 10l6-3v10l-6-3'] },
  { path: 'map', title: 'Map', module: map, icon: ['M9 4 3 6.5v13.5L9 17.5l6 2.5 6-2.5V4l-6 2.5z', 'M9 4v13.5M15 6.5V20'] },
  { path: 'events', title: 'Events', module: events, icon: ['M6 16V11a6 6 0 0 1 12 0v5l2 2H4z', 'M10 21h4'] },
  { path: 'imagery', title: 'Imagery', module: imagery, icon: ['M4 5h16v14H4z', 'M4 16l5-5 4 4 3-3 4 4', 'M15.5 9.5h.1'] },
  { path: 'zones', title: 'Zones', module: zones, icon: ['M5 8l7-4 7 5-2 10H8z'] },
  { path: 'system', title: 'System', module: system, icon: ['M4 19V9M10 19V5M16 19v-7M21 19H3'] },
  { path: 'track', name: 'Track', under: 'map', module: track },
  { path: 'settings', name: 'Settings', under: 'system', module: settings },
  { path: 'camera', name: 'Camera', under: 'live', module: camera },
];

export function find(path) {
  return views.find((view) => view.path === path) ?? views[0];
}
