/** What lies on the ground: grid, fields of view, zones, lines, sensors. */
import { colour, nodeColour } from '../colour.js';
import { label } from './label.js';

export function drawGrid(g, view) {
  const step = view.scale > 60 ? 1 : view.scale > 14 ? 2 : view.scale > 5 ? 5 : 10;
  const [e0, n1] = view.at(0, 0);
  const [e1, n0] = view.at(view.width, view.height);
  for (const strong of [false, true]) {
    const every = strong ? step * 5 : step;
    g.beginPath();
    for (let e = Math.ceil(e0 / every) * every; e <= e1; e += every) {
      g.moveTo(view.x(e), 0);
      g.lineTo(view.x(e), view.height);
    }
    for (let n = Math.ceil(n0 / every) * every; n <= n1; n += every) {
      g.moveTo(0, view.y(n));
      g.lineTo(view.width, view.y(n));
    }
    g.strokeStyle = colour(strong ? 'map-grid-strong' : 'map-grid');
    g.lineWidth = 1;
    g.stroke();
  }
}

export function trace(g, view, outline) {
  g.beginPath();
  outline.forEach(([e, n], i) => (i ? g.lineTo(view.x(e), view.y(n)) : g.moveTo(view.x(e), view.y(n))));
  g.closePath();
}

export function drawFields(g, view, site) {
  for (const sensor of site.sensors) {
    const outline = site.fov[sensor.name];
    const node = site.nodes.indexOf(sensor.node);
    if (outline?.length) {
      trace(g, view, outline);
    } else if (sensor.range !== null && sensor.kind !== 'CAMERA') {
      g.beginPath();
      g.arc(view.x(sensor.e), view.y(sensor.n), sensor.range * view.scale, 0, 7);
    } else {
      continue;
    }
    // One tone for all, so that it is brighter where more sensors look.
    g.fillStyle = colour('field', 0.035);
    g.fill();
    g.strokeStyle = nodeColour(node, 0.28);
    g.lineWidth = 1;
    g.stroke();
  }
}

export function drawZones(g, view, site, chosen) {
  for (const zone of site.zones) {
    trace(g, view, zone.outline);
    g.fillStyle = colour('zone', zone.name === chosen ? 0.2 : 0.1);
    g.fill();
    g.setLineDash([6, 4]);
    g.strokeStyle = colour('zone', 0.75);
    g.lineWidth = zone.name === chosen ? 2.5 : 1.5;
    g.stroke();
    g.setLineDash([]);
    const top = zone.outline.reduce((a, b) => (b[1] - b[0] * 0.01 > a[1] - a[0] * 0.01 ? b : a));
    label(g, zone.name, view.x(top[0]) + 2, view.y(top[1]) - 6, { paint: colour('zone'), weight: 600, size: 12 });
  }
  for (const line of site.lines) {
    const [[e0, n0], [e1, n1]] = line.ends;
    g.beginPath();
    g.moveTo(view.x(e0), view.y(n0));
    g.lineTo(view.x(e1), view.y(n1));
    g.strokeStyle = colour('warm', 0.85);
    g.lineWidth = 2;
    g.stroke();
    inwards(g, view, line);
  }
}

/** A small arrow to the left of the line, which is inwards, and the line's name on its other side. */
function inwards(g, view, { name, ends: [[e0, n0], [e1, n1]] }) {
  const length = Math.hypot(e1 - e0, n1 - n0) || 1;
  const x = view.x((e0 + e1) / 2);
  const y = view.y((n0 + n1) / 2);
  const dx = (-(n1 - n0) / length) * 10;
  const dy = (-(e1 - e0) / length) * 10;
  const align = dx > 5 ? 'right' : dx < -5 ? 'left' : 'center';
  label(g, name, x - dx, y - dy + (dy < -5 ? 6 : dy > 5 ? 2 : 4), { paint: colour('warm'), weight: 600, size: 12, align });
  g.strokeStyle = colour('warm', 0.85);
  g.lineWidth = 2;
  g.beginPath();
  g.moveTo(x, y);
  g.lineTo(x + dx, y + dy);
  g.moveTo(x + dx - dy * 0.4 - dx * 0.4, y + dy + dx * 0.4 - dy * 0.4);
  g.lineTo(x + dx, y + dy);
  g.lineTo(x + dx + dy * 0.4 - dx * 0.4, y + dy - dx * 0.4 - dy * 0.4);
  g.stroke();
}

export function drawSensors(g, view, site, statuses) {
  for (const sensor of site.sensors) {
    const x = view.x(sensor.e);
    const y = view.y(sensor.n);
    const live = (statuses.get(sensor.name)?.state ?? 'LIVE') === 'LIVE';
    g.beginPath();
    if (sensor.kind === 'CAMERA') g.roundRect(x - 5, y - 5, 10, 10, 3);
    else g.arc(x, y, 5.5, 0, 7);
    g.fillStyle = live ? nodeColour(site.nodes.indexOf(sensor.node)) : colour('bad');
    g.fill();
    g.strokeStyle = colour('map-ground');
    g.lineWidth = 2;
    g.stroke();
    const align = x > view.width * 0.7 ? 'right' : 'left';
    label(g, sensor.name, x + (align === 'right' ? -10 : 10), y > view.height / 2 ? y + 16 : y - 10, { paint: colour('ink-2'), align });
  }
}
