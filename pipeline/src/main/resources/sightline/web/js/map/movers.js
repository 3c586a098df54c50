/** What moves: trails, tracks with their uncertainty, per-node beliefs. */
import { colour, ignorance, nodeColour } from '../colour.js';
import { shortId } from '../format.js';
import { ellipse } from './ellipse.js';
import { label as words } from './label.js';

/** Half axis in metres from which on an ellipse fades: one that covers the whole map says little, and must not hide the rest. */
const FADES_FROM = 3;

export function drawTrails(g, view, trails, tracks) {
  g.lineCap = 'round';
  g.lineWidth = 2;
  for (const [id, points] of trails) {
    const track = tracks.get(id);
    const unknown = track ? Math.min(track.p, track.a) : 1;
    for (let i = 4; i < points.length; i += 4) {
      g.beginPath();
      g.moveTo(view.x(points[i - 4][1]), view.y(points[i - 4][2]));
      for (let j = i - 3; j <= i; j++) g.lineTo(view.x(points[j][1]), view.y(points[j][2]));
      g.strokeStyle = ignorance(unknown, 0.42 * (i / points.length) ** 1.6);
      g.stroke();
    }
  }
}

export function drawNodeTracks(g, view, nodes, site) {
  for (const tick of nodes.values()) {
    const index = site.nodes.indexOf(tick.node);
    for (const belief of tick.tracks) {
      for (const [logWeight, e, n, ...covariance] of belief.terms) {
        const weight = Math.exp(logWeight);
        if (weight < 0.05) continue;
        outline(g, view, e, n, covariance, 2);
        g.strokeStyle = nodeColour(index, 0.25 + 0.55 * weight);
        g.lineWidth = 1.2;
        g.stroke();
        g.beginPath();
        g.arc(view.x(e), view.y(n), 1.8, 0, 7);
        g.fillStyle = nodeColour(index, 0.8);
        g.fill();
      }
    }
  }
}

function outline(g, view, e, n, covariance, sigmas) {
  const { major, minor, angle } = ellipse(covariance, sigmas);
  g.beginPath();
  g.ellipse(view.x(e), view.y(n), Math.max(1, major * view.scale), Math.max(1, minor * view.scale), -angle, 0, 7);
  return Math.min(1, FADES_FROM / Math.max(major, 0.01));
}

/** One fused track; `ahead` is how many seconds it is drawn ahead of its tick, so that it moves smoothly. */
export function drawTrack(g, view, track, { ahead = 0, chosen = false, label = true }) {
  const e = track.e + track.ve * ahead;
  const n = track.n + track.vn * ahead;
  const unknown = Math.min(track.p, track.a);
  const x = view.x(e);
  const y = view.y(n);
  for (const sigmas of [2, 1]) {
    const strength = outline(g, view, e, n, track.c, sigmas);
    g.fillStyle = ignorance(unknown, (sigmas === 2 ? 0.12 : 0.18) * strength);
    g.fill();
    if (sigmas === 2) {
      g.setLineDash(track.ph === 'CONFIRMED' ? [] : [3, 3]);
      g.strokeStyle = ignorance(unknown, chosen ? 0.9 : 0.3 + 0.6 * strength);
      g.lineWidth = chosen ? 2.4 : 1.4;
      g.stroke();
      g.setLineDash([]);
    }
  }
  const speed = Math.hypot(track.ve, track.vn);
  if (speed > 0.15) {
    g.beginPath();
    g.moveTo(x, y);
    g.lineTo(view.x(e + track.ve), view.y(n + track.vn));
    g.strokeStyle = ignorance(unknown, 0.85);
    g.lineWidth = 1.6;
    g.stroke();
  }
  g.beginPath();
  g.arc(x, y, chosen ? 5.5 : 4, 0, 7);
  g.fillStyle = ignorance(unknown);
  g.fill();
  g.strokeStyle = colour('map-ground');
  g.lineWidth = 1.5;
  g.stroke();
  if (chosen) {
    g.beginPath();
    g.arc(x, y, 10, 0, 7);
    g.strokeStyle = colour('ink', 0.8);
    g.stroke();
  }
  if (label) {
    words(g, shortId(track.id), x + 9, y - 7, { paint: colour(chosen ? 'ink' : 'ink-2'), weight: chosen ? 650 : 500, size: 11.5 });
  }
}
