/** A polygon in the making on a map: corners are added by click or with the keyboard's cross, and dragged. */
import { colour } from '../colour.js';
import { trace } from './ground.js';

const REACH = 14;
const STEP = 0.25;

export class Sketch {
  corners = [];
  #map;
  #changed;
  #cross = null;
  #held = -1;

  constructor(map, changed) {
    this.#map = map;
    this.#changed = changed;
    map.overlay = (g, view) => this.#draw(g, view);
    map.onground = (x, y) => this.#click(x, y);
    map.ondrag = (drag, x, y) => this.#drag(drag, x, y);
    map.canvas.addEventListener('pointerup', () => (this.#held = -1));
    // Before the map's own keys, which would move the ground.
    map.canvas.addEventListener('keydown', (event) => this.#key(event), { capture: true });
  }

  set(corners) {
    this.corners = corners;
    this.#tell();
  }

  #tell() {
    this.#changed();
    this.#map.draw();
  }

  #nearest(x, y) {
    return this.corners.findIndex(([e, n]) => Math.hypot(this.#map.view.x(e) - x, this.#map.view.y(n) - y) < REACH);
  }

  #click(x, y) {
    if (this.#nearest(x, y) < 0) this.#add(this.#map.view.at(x, y));
    return true;
  }

  #add([e, n]) {
    this.corners.push([Math.round(e * 100) / 100, Math.round(n * 100) / 100]);
    this.#tell();
  }

  #drag(drag, x, y) {
    if (this.#held < 0) this.#held = this.#nearest(drag.x, drag.y);
    if (this.#held < 0) return false;
    this.corners[this.#held] = this.#map.view.at(x, y).map((v) => Math.round(v * 100) / 100);
    this.#tell();
    return true;
  }

  #key(event) {
    const moves = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] };
    if (moves[event.key]) {
      this.#cross ??= [this.#map.view.east, this.#map.view.north];
      const far = event.shiftKey ? 4 : 1;
      this.#cross = this.#cross.map((v, i) => v + far * moves[event.key][i]);
    } else if (event.key === 'Enter' && this.#cross) {
      this.#add(this.#cross);
    } else if (event.key === 'Backspace') {
      this.corners.pop();
      this.#tell();
    } else {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#map.draw();
  }

  #draw(g, view) {
    if (this.corners.length > 1) {
      trace(g, view, this.corners);
      g.fillStyle = colour('warm', 0.14);
      g.fill();
      g.strokeStyle = colour('warm');
      g.lineWidth = 2;
      g.stroke();
    }
    for (const [e, n] of this.corners) {
      g.beginPath();
      g.arc(view.x(e), view.y(n), 6, 0, 7);
      g.fillStyle = colour('map-ground');
      g.fill();
      g.strokeStyle = colour('warm');
      g.lineWidth = 2.5;
      g.stroke();
    }
    if (this.#cross) {
      const x = view.x(this.#cross[0]);
      const y = view.y(this.#cross[1]);
      g.beginPath();
      g.moveTo(x - 12, y);
      g.lineTo(x + 12, y);
      g.moveTo(x, y - 12);
      g.lineTo(x, y + 12);
      g.strokeStyle = colour('ink');
      g.lineWidth = 1.5;
      g.stroke();
    }
  }
}
