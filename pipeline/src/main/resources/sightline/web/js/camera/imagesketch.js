/** The same polygon as on the map, drawn and changed in a camera's picture. Its corners stay places on the ground. */
import { store } from '../store.js';
import { ask } from '../api.js';
import { colour } from '../colour.js';

const REACH = 14;
/** Edges are straight on the ground, not in a picture with distortion. */
const PARTS = 8;

export class ImageSketch {
  #tile;
  #sketch;
  #problem;
  #drawn = [];
  #pixels = [];
  #zones = [];
  #held = -1;
  #turn = 0;

  /** @param problem is told what the server could not do */
  constructor(tile, sketch, problem) {
    this.#tile = tile;
    this.#sketch = sketch;
    this.#problem = problem;
    tile.overlay = (g, unit) => this.#draw(g, unit);
    const canvas = tile.canvas;
    canvas.style.touchAction = 'none';
    canvas.addEventListener('pointerdown', (event) => this.#down(event));
    canvas.addEventListener('pointerup', (event) => this.#up(event));
  }

  /** The corners, the zones or the site have changed. */
  async show() {
    const turn = ++this.#turn;
    const zones = store.site?.zones ?? [];
    const outlines = [this.#sketch.corners, ...zones.map((zone) => zone.outline)];
    const found = await Promise.all([this.#pixelsOf(this.#sketch.corners), ...outlines.map((outline) => this.#pixelsOf(along(outline)))]);
    if (turn !== this.#turn) return;
    [this.#pixels, this.#drawn, ...this.#zones] = found;
  }

  async #pixelsOf(points) {
    if (points.length === 0) return [];
    return (await this.#convert('pixels', points)) ?? [];
  }

  async #convert(what, points) {
    try {
      const list = points.map((p) => p.map((v) => v.toFixed(3)).join()).join('/');
      return (await ask(`/api/${what}?camera=${encodeURIComponent(this.#tile.sensor.name)}&points=${list}`)).points;
    } catch (failure) {
      this.#problem(failure.message);
      return null;
    }
  }

  #at(event) {
    const box = this.#tile.canvas.getBoundingClientRect();
    const unit = this.#tile.sensor.w / box.width;
    return [(event.clientX - box.left) * unit, (event.clientY - box.top) * unit, unit];
  }

  #down(event) {
    const [x, y, unit] = this.#at(event);
    this.#held = this.#pixels.findIndex(([u, v]) => u !== null && Math.hypot(u - x, v - y) < REACH * unit);
  }

  /** A corner that was held is moved there; otherwise there is a new one. */
  async #up(event) {
    const [x, y] = this.#at(event);
    const held = this.#held;
    this.#held = -1;
    const [place] = (await this.#convert('ground', [[x, y]])) ?? [];
    if (!place) return;
    if (place[0] === null) {
      this.#problem('There is no ground at that place of the picture.');
      return;
    }
    this.#problem('');
    const corner = place.map((v) => Math.round(v * 100) / 100);
    const corners = [...this.#sketch.corners];
    if (held >= 0) corners[held] = corner;
    else corners.push(corner);
    this.#sketch.set(corners);
  }

  #draw(g, unit) {
    for (const zone of this.#zones) outline(g, zone, colour('zone', 0.14), colour('zone', 0.85), 1.5 * unit);
    outline(g, this.#drawn, colour('warm', 0.22), colour('warm'), 2 * unit);
    for (const [u, v] of this.#pixels) {
      if (u === null) continue;
      g.beginPath();
      g.arc(u, v, 6 * unit, 0, 7);
      g.fillStyle = '#05090b';
      g.fill();
      g.strokeStyle = colour('warm');
      g.lineWidth = 2.5 * unit;
      g.stroke();
    }
  }
}

/** Points along the closed outline, close enough for a bent edge. */
function along(corners) {
  return corners.flatMap(([e, n], i) => {
    const [e1, n1] = corners[(i + 1) % corners.length];
    return Array.from({ length: PARTS }, (_, k) => [e + ((e1 - e) * k) / PARTS, n + ((n1 - n) * k) / PARTS]);
  });
}

/** What the camera sees of an outline; edges to what it does not see are left out. */
function outline(g, points, fill, stroke, width) {
  if (points.length < 2) return;
  g.beginPath();
  const seen = points.filter(([u]) => u !== null);
  seen.forEach(([u, v], i) => (i ? g.lineTo(u, v) : g.moveTo(u, v)));
  if (seen.length === points.length) g.closePath();
  g.fillStyle = fill;
  g.fill();
  g.strokeStyle = stroke;
  g.lineWidth = width;
  g.stroke();
}
