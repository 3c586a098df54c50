/**
 * The ground-plane map: a canvas that can be dragged, zoomed and driven by keyboard. It draws when something changed, at
 * most once a frame, and moves tracks along their velocity between ticks.
 */
import { h, icon } from '../dom.js';
import { colour } from '../colour.js';
import { store, on } from '../store.js';
import { shortId } from '../format.js';
import { Viewport, extent } from './viewport.js';
import { drawGrid, drawFields, drawZones, drawSensors } from './ground.js';
import { drawTrails, drawNodeTracks, drawTrack } from './movers.js';

const LONGEST_AHEAD = 0.25;
const STILL = matchMedia('(prefers-reduced-motion: reduce)');

export class GroundMap {
  layers = { fused: true, nodes: false, trails: true, fields: true, zones: true };
  chosen = null;
  /** What to fit into view instead of the whole site: [east, north, east, north]. */
  focus = null;
  /** Called with a track id, or null when the ground was clicked. */
  onpick = () => {};
  /** Draws more on top: (context, viewport). */
  overlay = null;
  #view = new Viewport();
  #canvas = h('canvas', { tabindex: 0, role: 'img', 'aria-label': 'Map of the ground with fused tracks' });
  #ended = [];
  #frame = 0;
  #fitted = false;
  #drag = null;
  #pinch = new Map();

  constructor() {
    this.element = h('div', { class: 'map' }, this.#canvas, this.#tools());
    this.#listen();
    this.#ended.push(
      on(['tick', 'site', 'node', 'status', 'theme'], (message) => {
        if (message?.t === 'site') this.#describe();
        this.draw();
      }),
    );
    const sizes = new ResizeObserver(() => this.#resize());
    sizes.observe(this.element);
    this.#ended.push(() => sizes.disconnect());
  }

  close() {
    this.#ended.forEach((end) => end());
    cancelAnimationFrame(this.#frame);
    this.#frame = -1;
  }

  draw() {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#paint());
  }

  get canvas() {
    return this.#canvas;
  }

  get view() {
    return this.#view;
  }

  fit() {
    if (store.site) {
      this.#view.fit(this.focus ?? extent(store.site));
      this.draw();
    }
  }

  #describe() {
    const n = store.tracks.size;
    this.#canvas.setAttribute('aria-label', `Map of ${store.site.scene} with ${n} fused tracks; arrow keys move it, plus and minus zoom`);
  }

  #resize() {
    const box = this.element.getBoundingClientRect();
    if (box.width === 0) return;
    const dpr = devicePixelRatio || 1;
    this.#canvas.width = Math.round(box.width * dpr);
    this.#canvas.height = Math.round(box.height * dpr);
    this.#view.width = box.width;
    this.#view.height = box.height;
    if (store.site && !this.#drag) this.fit();
    this.draw();
  }

  #ahead() {
    if (!store.tick || STILL.matches) return 0;
    const sinceArrival = (performance.now() - (store.tick.arrived ??= performance.now())) / 1000;
    return Math.min(LONGEST_AHEAD, Math.max(0, sinceArrival));
  }

  #paint() {
    this.#frame = 0;
    const g = this.#canvas.getContext('2d');
    const dpr = devicePixelRatio || 1;
    const view = this.#view;
    g.setTransform(dpr, 0, 0, dpr, 0, 0);
    g.fillStyle = colour('map-ground');
    g.fillRect(0, 0, view.width, view.height);
    const site = store.site;
    if (!site) return;
    if (!this.#fitted && view.width > 1) {
      this.#fitted = true;
      view.fit(this.focus ?? extent(site));
    }
    drawGrid(g, view);
    if (this.layers.fields) drawFields(g, view, site);
    if (this.layers.zones) drawZones(g, view, site, this.chosenZone);
    if (this.layers.trails) drawTrails(g, view, store.trails, store.tracks);
    drawSensors(g, view, site, store.statuses);
    if (this.layers.nodes) drawNodeTracks(g, view, store.nodes, site);
    const ahead = this.#ahead();
    if (this.layers.fused) {
      for (const track of store.tracks.values()) {
        drawTrack(g, view, track, { ahead, chosen: track.id === this.chosen, label: view.scale > 9 });
      }
    }
    this.overlay?.(g, view);
    if (!STILL.matches && ahead < LONGEST_AHEAD && store.tracks.size > 0) this.draw();
  }

  /** The track under a point of the screen. */
  pick(x, y) {
    let best = null;
    let nearest = 18;
    for (const track of store.tracks.values()) {
      const d = Math.hypot(this.#view.x(track.e) - x, this.#view.y(track.n) - y);
      if (d < nearest) [best, nearest] = [track.id, d];
    }
    return best;
  }

  #listen() {
    const c = this.#canvas;
    c.addEventListener('pointerdown', (event) => {
      c.setPointerCapture(event.pointerId);
      this.#pinch.set(event.pointerId, [event.offsetX, event.offsetY]);
      this.#drag = { x: event.offsetX, y: event.offsetY, moved: 0 };
    });
    c.addEventListener('pointermove', (event) => this.#move(event));
    const up = (event) => {
      this.#pinch.delete(event.pointerId);
      if (event.type === 'pointerup' && this.#drag && this.#drag.moved < 4) this.#click(event);
      this.#drag = null;
    };
    c.addEventListener('pointerup', up);
    c.addEventListener('pointercancel', up);
    c.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        this.#view.zoom(Math.exp(-event.deltaY * 0.0015), event.offsetX, event.offsetY);
        this.draw();
      },
      { passive: false },
    );
    c.addEventListener('keydown', (event) => this.#key(event));
  }

  #click(event) {
    if (this.onground?.(event.offsetX, event.offsetY)) return;
    this.onpick(this.pick(event.offsetX, event.offsetY));
  }

  #move(event) {
    if (!this.#drag) return;
    const [x, y] = [event.offsetX, event.offsetY];
    if (this.#pinch.size === 2) {
      const other = [...this.#pinch].find(([id]) => id !== event.pointerId)[1];
      const [px, py] = this.#pinch.get(event.pointerId);
      const before = Math.hypot(px - other[0], py - other[1]);
      const after = Math.hypot(x - other[0], y - other[1]);
      this.#view.zoom(after / Math.max(1, before), (x + other[0]) / 2, (y + other[1]) / 2);
      this.#drag.moved += 10;
    } else {
      this.#drag.moved += Math.abs(x - this.#drag.x) + Math.abs(y - this.#drag.y);
      if (!this.ondrag?.(this.#drag, x, y)) this.#view.pan(x - this.#drag.x, y - this.#drag.y);
      this.#drag.x = x;
      this.#drag.y = y;
    }
    this.#pinch.set(event.pointerId, [x, y]);
    this.draw();
  }

  #key(event) {
    const step = 40;
    const moves = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
    if (moves[event.key]) this.#view.pan(...moves[event.key]);
    else if (event.key === '+' || event.key === '=') this.#view.zoom(1.25);
    else if (event.key === '-') this.#view.zoom(0.8);
    else if (event.key === '0') this.fit();
    else return;
    event.preventDefault();
    this.draw();
  }

  #tools() {
    const tool = (label, path, act) =>
      h('button', { class: 'icon-button', type: 'button', 'aria-label': label, title: label, onclick: act }, icon(path));
    return h(
      'div',
      { class: 'map-tools' },
      tool('Zoom in', 'M12 5v14M5 12h14', () => (this.#view.zoom(1.3), this.draw())),
      tool('Zoom out', 'M5 12h14', () => (this.#view.zoom(1 / 1.3), this.draw())),
      tool('Show everything', 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5', () => this.fit()),
    );
  }

  /** A sentence about the chosen track, for screen readers. */
  describe(id) {
    const track = store.tracks.get(id);
    return track ? `Track ${shortId(id)} at ${track.e.toFixed(1)} east, ${track.n.toFixed(1)} north` : '';
  }
}
