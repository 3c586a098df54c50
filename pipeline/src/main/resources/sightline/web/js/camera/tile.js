/** One camera: its newest frame, what was found in it, how old it is, and how its source does. */
import { h, text } from '../dom.js';
import { store } from '../store.js';
import { seconds, rate, words } from '../format.js';
import { originBadge, toneOf } from '../parts/badge.js';
import { drawBoxes, drawMask, drawPoses } from './overlay.js';

const STALE_AFTER = 3000;

export class CameraTile {
  #canvas = h('canvas', { role: 'img' });
  #waiting = h('div', { class: 'waiting' }, 'Waiting for the first frame');
  #state = h('span', { class: 'badge' });
  #origin = h('span');
  #age = h('b');
  #in = h('b');
  #done = h('b');
  #superseded = h('b');
  #busy = false;
  #next = null;

  /** Drawn over each frame in the pixels of the calibration; the second argument is the size of a screen pixel in them. */
  overlay = null;

  constructor(sensor, layers) {
    this.sensor = sensor;
    this.layers = layers;
    this.#canvas.setAttribute('aria-label', `${sensor.name}: no picture yet`);
    this.element = h(
      'article',
      { class: 'camera', data: { camera: sensor.name } },
      h('div', { class: 'picture' }, this.#canvas, this.#waiting, h('div', { class: 'over' }, this.#state, this.#origin)),
      h(
        'div',
        { class: 'name' },
        h('h3', {}, h('a', { href: `#/camera/${encodeURIComponent(sensor.name)}` }, sensor.name)),
        h(
          'div',
          { class: 'rates' },
          h('span', { title: 'age of the frame shown' }, this.#age),
          h('span', { title: 'frames a second received' }, this.#in, ' in'),
          h('span', { title: 'frames a second processed' }, this.#done, ' done'),
          h('span', { title: 'frames a second superseded by a newer one' }, this.#superseded, ' skip'),
        ),
      ),
    );
    this.second();
    const known = store.cameras.get(sensor.name);
    if (known) this.show(known);
  }

  get canvas() {
    return this.#canvas;
  }

  /** Takes a frame; while one is being decoded only the newest other one is kept. */
  show(message) {
    this.#next = message;
    if (!this.#busy) this.#decode();
  }

  async #decode() {
    this.#busy = true;
    while (this.#next) {
      const message = this.#next;
      this.#next = null;
      try {
        const picture = await createImageBitmap(new Blob([message.bytes], { type: 'image/jpeg' }));
        this.#paint(picture, message);
        picture.close();
      } catch {
        text(this.#waiting, 'This frame cannot be decoded');
        this.#waiting.hidden = false;
      }
    }
    this.#busy = false;
  }

  #paint(picture, message) {
    const c = this.#canvas;
    const box = c.getBoundingClientRect();
    if (box.width === 0) return;
    const width = Math.min(message.w, Math.round(box.width * (devicePixelRatio || 1)));
    const height = Math.round((width * message.h) / message.w);
    if (c.width !== width || c.height !== height) [c.width, c.height] = [width, height];
    const g = c.getContext('2d');
    const scale = width / message.w;
    g.setTransform(scale, 0, 0, scale, 0, 0);
    g.drawImage(picture, 0, 0, message.w, message.h);
    const unit = message.w / box.width;
    if (this.layers.masks && message.mask) drawMask(g, message);
    if (this.layers.boxes && message.boxes) drawBoxes(g, message, unit);
    if (this.layers.poses && message.poses) drawPoses(g, message, unit);
    if (this.overlay && this.sensor.w > 0) {
      const fit = width / this.sensor.w;
      g.setTransform(fit, 0, 0, fit, 0, 0);
      this.overlay(g, this.sensor.w / box.width);
    }
    this.#waiting.hidden = true;
    this.#canvas.setAttribute('aria-label', `${this.sensor.name}: ${message.boxes?.length ?? 0} objects found`);
    this.#origin.replaceChildren(originBadge(message.origin));
  }

  /** Once a second: age, rates, state. */
  second() {
    const frame = store.cameras.get(this.sensor.name);
    const status = store.statuses.get(this.sensor.name);
    const rates = store.rates.get(this.sensor.name);
    const age = frame ? store.link.now() - frame.time : null;
    text(this.#age, age === null ? '–' : seconds(Math.max(0, age) / 1000));
    text(this.#in, rate(rates?.in));
    text(this.#done, rate(rates?.done));
    text(this.#superseded, rate(rates?.superseded));
    let state = status?.state ?? 'CONNECTING';
    if (state === 'LIVE' && age !== null && age > STALE_AFTER) state = 'STALLED';
    text(this.#state, words(state));
    this.#state.dataset.tone = toneOf(state);
    this.element.dataset.state = state;
    this.element.title = status?.reason ?? '';
    if (state === 'REMOVED' || state === 'FAILED') {
      text(this.#waiting, status.reason || words(state));
      this.#waiting.hidden = false;
    }
  }
}
